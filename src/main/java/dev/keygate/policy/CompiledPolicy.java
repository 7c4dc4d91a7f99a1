package dev.keygate.policy;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.policy.document.Phase;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Map;

/** A policy's phases, compiled. Immutable, shared by all requests and event loops. */
final class CompiledPolicy implements TrafficPolicy {
  private final Authorization authorization;
  private final PhaseRules tcpConnect;
  private final PhaseRules httpRequest;
  private final PhaseRules httpResponse;
  private final PhaseRules eventStream;
  private final boolean readsResponseBody;

  /**
   * @param readsResponseBody whether a rule reads answers' bytes: providers are then asked not to
   *     compress them
   */
  CompiledPolicy(
      Authorization authorization, Map<Phase, PhaseRules> phases, boolean readsResponseBody) {
    this.authorization = authorization;
    this.tcpConnect = phases.getOrDefault(Phase.ON_TCP_CONNECT, PhaseRules.NONE);
    this.httpRequest = phases.getOrDefault(Phase.ON_HTTP_REQUEST, PhaseRules.NONE);
    this.httpResponse = phases.getOrDefault(Phase.ON_HTTP_RESPONSE, PhaseRules.NONE);
    this.eventStream = phases.getOrDefault(Phase.ON_EVENT_STREAM_MESSAGE, PhaseRules.NONE);
    this.readsResponseBody = readsResponseBody;
  }

  @Override
  public Authorization authorization() {
    return authorization;
  }

  @Override
  public Outcome onTcpConnect(Exchange exchange) {
    return run(tcpConnect, exchange);
  }

  @Override
  public Outcome onHttpRequest(Exchange exchange) {
    if (readsResponseBody) {
      exchange.askUnencoded();
    }
    return watched(run(httpRequest, exchange), exchange);
  }

  @Override
  public Outcome onHttpResponse(Exchange exchange, Response response) {
    exchange.response(response);
    Outcome outcome = run(httpResponse, exchange);
    Outcome ended =
        eventStream.isEmpty()
            ? answered(outcome, exchange, response)
            : afterResponseRules(outcome, exchange, response);
    return released(ended, response);
  }

  private Outcome afterResponseRules(Outcome outcome, Exchange exchange, Response original) {
    return outcome instanceof Outcome.Pending pending
        ? new Outcome.Pending(
            pending.outcome().compose(known -> settled(streamed(known, exchange, original))))
        : streamed(outcome, exchange, original);
  }

  /** A stream that is not sent after all is not read by anybody: its provider is told to stop. */
  private static Outcome released(Outcome outcome, Response original) {
    if (!(original.body() instanceof ResponseBody.Streamed streamed)) {
      return outcome;
    }
    if (outcome instanceof Outcome.Pending pending) {
      return new Outcome.Pending(
          pending
              .outcome()
              .map(ended -> released(ended, original))
              .onFailure(bug -> streamed.cancel().run()));
    }
    boolean isSent =
        outcome instanceof Outcome.Continue
            || (outcome instanceof Outcome.Respond respond
                && respond.response().body() instanceof ResponseBody.Streamed sent
                && sent.cancel().equals(streamed.cancel()));
    if (!isSent) {
      streamed.cancel().run();
    }
    return outcome;
  }

  /** Tells the rules that wait for it what became of the request. */
  private static Outcome watched(Outcome outcome, Exchange exchange) {
    if (outcome instanceof Outcome.Pending pending) {
      return new Outcome.Pending(pending.outcome().map(ended -> watched(ended, exchange)));
    }
    if (outcome instanceof Outcome.Respond respond) {
      exchange.answered(respond.response().status());
    } else if (outcome instanceof Outcome.Refuse refuse) {
      exchange.answered(refuse.refusal().code().status());
    }
    return outcome;
  }

  /** Variables are scoped to their phase. */
  private static Outcome run(PhaseRules rules, Exchange exchange) {
    if (rules.isEmpty()) {
      return Outcome.CONTINUE;
    }
    exchange.clearVars();
    return rules.run(exchange);
  }

  /** Runs the event stream's rules when what is to be sent is one. */
  private Outcome streamed(Outcome outcome, Exchange exchange, Response original) {
    if (outcome instanceof Outcome.Respond replaced) {
      exchange.response(replaced.response());
    } else if (!(outcome instanceof Outcome.Continue)) {
      return outcome;
    }
    Response response = exchange.response();
    if (response == null || !isEventStream(response.headers())) {
      return answered(outcome, exchange, original);
    }
    return answered(run(eventStream, exchange), exchange, original);
  }

  /** Rules may have replaced the response without ending the phase. */
  private static Outcome answered(Outcome outcome, Exchange exchange, Response original) {
    if (outcome instanceof Outcome.Pending pending) {
      return new Outcome.Pending(
          pending.outcome().map(ended -> answered(ended, exchange, original)));
    }
    Response current = exchange.response();
    if (!(outcome instanceof Outcome.Continue) || current == null || current.equals(original)) {
      return outcome;
    }
    return new Outcome.Respond(current);
  }

  private static Future<Outcome> settled(Outcome outcome) {
    return outcome instanceof Outcome.Pending pending
        ? pending.outcome()
        : Future.succeededFuture(outcome);
  }

  private static boolean isEventStream(MultiMap headers) {
    String type = headers.get("content-type");
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
  }
}
