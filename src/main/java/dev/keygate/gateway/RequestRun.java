package dev.keygate.gateway;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Refusal;
import dev.keygate.exchange.Response;
import dev.keygate.live.LiveEndpoint;
import dev.keygate.policy.TrafficPolicy;
import dev.keygate.telemetry.Metrics;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request's way through the gateway, top to bottom. Belongs to its event loop; nothing on it
 * blocks.
 */
final class RequestRun implements BodyReader.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(RequestRun.class);

  private static final Refusal INTERNAL =
      Refusal.of(ErrorCode.INTERNAL, "The gateway failed on this request.");

  private static final Refusal NO_RULE_ANSWERED =
      Refusal.of(ErrorCode.NO_ENDPOINT, "No rule of this endpoint answers this request.");

  private final Exchange exchange;
  private final HttpServerRequest request;
  private final Gate gate;
  private final BodyReader bodyReader;
  private final ResponseWriter writer;
  private @Nullable TrafficPolicy policy;

  /** What all requests of a listener share. */
  record Gate(
      FrontDoor frontDoor,
      GatewaySettings settings,
      BufferBudget budget,
      Refusals refusals,
      Metrics metrics) {}

  RequestRun(
      Exchange exchange, HttpServerRequest request, Context context, Gate gate, Runnable finished) {
    this.exchange = exchange;
    this.request = request;
    this.gate = gate;
    this.bodyReader = new BodyReader(request, context, gate.settings().maxBody(), gate.budget());
    this.writer =
        new ResponseWriter(
            exchange,
            request,
            () -> {
              bodyReader.release();
              gate.metrics()
                  .answered(
                      request.response().getStatusCode(),
                      System.nanoTime() - exchange.startNanos());
              finished.run();
            });
  }

  /** Runs until the answer is written; the order of the steps is the product's promise. */
  void start(boolean firstOnConnection) {
    // A malformed head first: what follows must read the same bytes as everyone else.
    Refusal malformed = HeadRules.refusal(request, gate.settings());
    if (malformed != null) {
      refuse(malformed);
      return;
    }
    // The endpoint before everything that is configured on it.
    LiveEndpoint endpoint = gate.frontDoor().endpoint(exchange);
    if (endpoint == null) {
      refuse(gate.frontDoor().noEndpoint());
      return;
    }
    policy = endpoint.policy();
    if (firstOnConnection) {
      settle(endpoint.policy().onTcpConnect(exchange), outcome -> afterConnect(endpoint, outcome));
    } else {
      checkKey(endpoint);
    }
  }

  private void afterConnect(LiveEndpoint endpoint, Outcome outcome) {
    if (outcome instanceof Outcome.Continue) {
      checkKey(endpoint);
    } else {
      end(outcome);
    }
  }

  private void checkKey(LiveEndpoint endpoint) {
    // The key before the first rule: a policy's state is not touched by strangers.
    Refusal refusal = gate.frontDoor().refusal(exchange, endpoint);
    if (refusal != null) {
      refuse(refusal);
      return;
    }
    // The body after the key: strangers do not get to fill memory.
    Refusal tooLarge = HeadRules.bodyRefusal(request, gate.settings());
    if (tooLarge != null) {
      refuse(tooLarge);
      return;
    }
    request.response().exceptionHandler(failure -> abandon());
    request.response().closeHandler(closed -> abandon());
    if (HeadRules.expectsContinue(request)) {
      request.response().writeContinue();
    }
    bodyReader.read(gate.settings().requestTimeout(), this);
  }

  @Override
  public void onBody(Buffer body) {
    exchange.body(body);
    TrafficPolicy rules = policy;
    if (rules == null) {
      refuse(INTERNAL);
      return;
    }
    settle(rules.onHttpRequest(exchange), this::end);
  }

  @Override
  public void onRefusal(Refusal refusal) {
    refuse(refusal);
  }

  private void end(Outcome outcome) {
    switch (outcome) {
      case Outcome.Continue none -> refuse(NO_RULE_ANSWERED);
      case Outcome.Refuse refused -> refuse(refused.refusal());
      case Outcome.Close close -> writer.close();
      case Outcome.Respond answer -> responding(answer.response());
      case Outcome.Pending pending -> settle(pending, this::end);
    }
  }

  private void responding(Response response) {
    TrafficPolicy rules = policy;
    if (rules == null) {
      refuse(INTERNAL);
      return;
    }
    settle(rules.onHttpResponse(exchange, response), outcome -> answer(response, outcome));
  }

  private void answer(Response response, Outcome outcome) {
    switch (outcome) {
      case Outcome.Continue none -> writer.respond(response);
      case Outcome.Respond replaced -> writer.respond(replaced.response());
      case Outcome.Refuse refused -> refuse(refused.refusal());
      case Outcome.Close close -> writer.close();
      case Outcome.Pending pending -> settle(pending, next -> answer(response, next));
    }
  }

  /** Goes on at once when the outcome is known, and when it is if it is not. */
  private void settle(Outcome outcome, Consumer<Outcome> next) {
    if (outcome instanceof Outcome.Pending pending) {
      pending
          .outcome()
          .onComplete(known -> {
            if (known.succeeded()) {
              guarded(() -> settle(known.result(), next));
            } else {
              fail(known.cause());
            }
          });
    } else {
      next.accept(outcome);
    }
  }

  /** Runs a step; what it throws is a bug, and refuses the request. */
  void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void fail(Throwable bug) {
    LOG.error("{} failed", exchange, bug);
    if (request.response().headWritten()) {
      writer.close();
    } else {
      refuse(INTERNAL);
    }
  }

  private void abandon() {
    bodyReader.cancel();
    exchange.abandon();
    writer.clientGone();
  }

  private void refuse(Refusal refusal) {
    bodyReader.cancel();
    gate.refusals().note(exchange, refusal);
    if (!request.response().closed() && !request.response().ended()) {
      writer.refuse(refusal);
    }
  }
}
