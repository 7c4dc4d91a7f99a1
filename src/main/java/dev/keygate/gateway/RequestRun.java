package dev.keygate.gateway;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Refusal;
import dev.keygate.exchange.Response;
import dev.keygate.live.LiveEndpoint;
import dev.keygate.policy.TrafficPolicy;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request's way through the gateway, from top to bottom: {@link #start}, {@link #checkKey},
 * {@link #onBody}, {@link #responding}, {@link #answer}. Belongs to its event loop; nothing on it
 * blocks.
 */
final class RequestRun implements BodyReader.Listener, ResponseWriter.Ending {
  private static final Logger LOG = LoggerFactory.getLogger(RequestRun.class);

  private static final Refusal INTERNAL =
      Refusal.of(ErrorCode.INTERNAL, "The gateway failed on this request.");

  private static final Refusal NO_RULE_ANSWERED =
      Refusal.of(ErrorCode.NO_ENDPOINT, "No rule of this endpoint answers this request.");

  private final Exchange exchange;
  private final HttpServerRequest request;
  private final ConnectionState connection;
  private final Gate gate;
  private final Owner owner;
  private final BodyReader bodyReader;
  private final ResponseWriter writer;
  private @Nullable TrafficPolicy policy;
  private @Nullable Refusal refused;
  private long firstByteNanos = -1;
  private boolean hasBegun;

  /** What all requests of a listener share. */
  record Gate(
      FrontDoor frontDoor,
      KeyScope keyScope,
      GatewaySettings settings,
      BufferBudget budget,
      Refusals refusals,
      Meters meters,
      RequestMemo memo) {}

  /**
   * What requests of one event loop wait by.
   *
   * @param request for a body to arrive
   * @param idle for a client to read on
   */
  record Waits(Deadlines request, Deadlines idle) {}

  /** Who runs the request. */
  interface Owner {
    /**
     * Called once, when the request has its answer or is given up.
     *
     * @param now by {@link System#nanoTime}
     */
    void finished(long now);

    boolean isDraining();

    Waits waits();
  }

  RequestRun(
      Exchange exchange,
      HttpServerRequest request,
      ConnectionState connection,
      Gate gate,
      Owner owner) {
    this.exchange = exchange;
    this.request = request;
    this.connection = connection;
    this.gate = gate;
    this.owner = owner;
    this.bodyReader = new BodyReader(request, gate.settings().maxBody(), gate.budget());
    this.writer = new ResponseWriter(exchange, request, this);
    gate.meters().started();
  }

  /** Runs until the answer is written; the order of the steps is the product's promise. */
  void start() {
    request.response().exceptionHandler(failure -> abandon());
    request.response().closeHandler(closed -> abandon());
    guarded(this::admit);
  }

  /** Answers a request whose head cannot be acted on. */
  void refuseAtOnce(Refusal refusal) {
    guarded(() -> refuse(refusal));
  }

  private void admit() {
    // A malformed head first: what follows must read the same bytes as everyone else.
    Refusal malformed = HeadRules.refusal(request, exchange.authority(), gate.settings());
    if (malformed != null) {
      refuse(malformed);
      return;
    }
    // The endpoint before everything that is configured on it.
    LiveEndpoint endpoint = gate.frontDoor().endpoint(exchange);
    if (endpoint == null) {
      refuse(FrontDoor.NO_ENDPOINT);
      return;
    }
    // Rules for the connection before the key: they may keep strangers from trying keys.
    if (connection.hasPassed(endpoint.policy(), exchange.connection().client())) {
      checkKey(endpoint);
      return;
    }
    Outcome outcome = endpoint.policy().onTcpConnect(exchange);
    if (outcome instanceof Outcome.Pending) {
      request.pause(); // until someone reads the body
    }
    settle(outcome, known -> afterConnect(endpoint, known));
  }

  private void afterConnect(LiveEndpoint endpoint, Outcome outcome) {
    if (outcome instanceof Outcome.Continue) {
      connection.pass(endpoint.policy(), exchange.connection().client());
      checkKey(endpoint);
    } else {
      end(endpoint.policy(), outcome);
    }
  }

  private void checkKey(LiveEndpoint endpoint) {
    // The key before the first rule: a policy's state is not touched by strangers.
    Refusal refusal = gate.frontDoor().refusal(exchange, endpoint);
    // The body after the key: strangers do not get to fill memory.
    if (refusal == null) {
      refusal = HeadRules.bodyRefusal(request, gate.settings());
    }
    if (refusal != null) {
      refuse(refusal);
      return;
    }
    policy = endpoint.policy();
    if (HeadRules.expectsContinue(request)) {
      request.response().writeContinue();
    }
    bodyReader.read(owner.waits().request(), this);
    connection.guard().onBadBody(bodyReader::refuse);
    request.resume();
  }

  @Override
  public void onBody(Buffer body) {
    connection.guard().onBadBody(null);
    exchange.body(body);
    exchange.bodyRoom(bodyReader);
    TrafficPolicy rules = policy;
    if (rules != null) {
      guarded(() ->
          settle(gate.keyScope().onHttpRequest(exchange, rules), outcome -> end(rules, outcome)));
    }
  }

  @Override
  public void onRefusal(Refusal refusal) {
    connection.guard().onBadBody(null);
    refuse(refusal);
  }

  private void end(TrafficPolicy rules, Outcome outcome) {
    if (outcome instanceof Outcome.Respond answer) {
      responding(rules, answer.response());
    } else if (outcome instanceof Outcome.Pending) {
      settle(outcome, known -> end(rules, known));
    } else {
      endWithoutAnswer(outcome);
    }
  }

  private void endWithoutAnswer(Outcome outcome) {
    if (outcome instanceof Outcome.Refuse refused) {
      refuse(refused.refusal());
    } else if (outcome instanceof Outcome.Close) {
      close();
    } else {
      refuse(NO_RULE_ANSWERED);
    }
  }

  private void responding(TrafficPolicy rules, Response response) {
    settle(rules.onHttpResponse(exchange, response), outcome -> answer(response, outcome));
  }

  /** The policy has stopped the provider's stream where another answer is sent in its place. */
  private void answer(Response response, Outcome outcome) {
    if (outcome instanceof Outcome.Continue) {
      writer.respond(response);
    } else if (outcome instanceof Outcome.Respond replaced) {
      writer.respond(replaced.response());
    } else if (outcome instanceof Outcome.Pending) {
      settle(outcome, known -> answer(response, known));
    } else {
      endWithoutAnswer(outcome);
    }
  }

  /** What follows an outcome that is known. */
  private interface Next {
    void after(Outcome outcome);
  }

  /** Goes on at once when the outcome is known, and when it is if it is not. */
  private void settle(Outcome outcome, Next next) {
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
      next.after(outcome);
    }
  }

  /** Runs a step; what it throws is a bug, and refuses the request. */
  private void guarded(Runnable step) {
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

  private void refuse(Refusal refusal) {
    bodyReader.cancel();
    refused = refusal;
    gate.refusals().note(exchange, refusal);
    gate.meters().refused(refusal.code());
    writer.refuse(refusal);
  }

  private void close() {
    bodyReader.cancel();
    writer.close();
  }

  /** The client went away before its answer began. */
  private void abandon() {
    if (!writer.isFinished()) {
      connection.guard().onBadBody(null);
      bodyReader.cancel();
      if (!hasBegun) {
        exchange.abandon();
      }
      writer.clientGone();
    }
  }

  @Override
  public void begun() {
    hasBegun = true;
    firstByteNanos = System.nanoTime() - exchange.startNanos();
    gate.meters().firstByte(firstByteNanos);
  }

  @Override
  public void finished() {
    exchange.finished();
    long now = System.nanoTime();
    long nanos = now - exchange.startNanos();
    int status = hasBegun ? request.response().getStatusCode() : 0;
    gate.meters().ended(exchange.surface(), status, nanos);
    long bytesOut = request.response().bytesWritten();
    gate.memo()
        .remember(
            exchange, new RequestMemo.Ending(refused, status, nanos, firstByteNanos, bytesOut));
    bodyReader.release();
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          "{} {} {} status={} bytes={} micros={}",
          exchange.requestId(),
          exchange.method(),
          exchange.path(),
          status,
          bytesOut,
          nanos / 1000);
    }
    owner.finished(now);
  }

  @Override
  public void cut() {
    connection.guard().cut();
  }

  @Override
  public boolean isLast() {
    return owner.isDraining();
  }

  @Override
  public void takeNoMore() {
    connection.guard().takeNoMore();
  }

  @Override
  public Deadlines stalled() {
    return owner.waits().idle();
  }
}
