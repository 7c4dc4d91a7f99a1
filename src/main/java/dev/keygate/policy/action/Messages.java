package dev.keygate.policy.action;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Response;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.expression.EvaluationException;
import dev.keygate.policy.expression.Values;
import io.vertx.core.MultiMap;
import java.util.Map;

/** The message a phase is about, and where actions leave their results. */
final class Messages {
  private Messages() {}

  /** The request's headers, or in a response phase the response's. */
  static MultiMap headers(Exchange exchange, Phase phase) {
    return phase.hasResponse() ? response(exchange).headers() : exchange.headers();
  }

  /**
   * The response that response rules run on.
   *
   * @throws EvaluationException if there is none
   */
  static Response response(Exchange exchange) {
    Response response = exchange.response();
    if (response == null) {
      throw new EvaluationException("there is no response yet");
    }
    return response;
  }

  /** Publishes a result as {@code actions.ngrok.<name>}. */
  static void publish(Exchange exchange, String name, Map<String, ?> result) {
    exchange.results().put(name, Values.toCel(result));
  }
}
