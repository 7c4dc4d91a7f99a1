package dev.keygate.policy;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;

/**
 * A compiled traffic policy, ready to run: immutable, shared by all requests and event loops.
 *
 * <p>Each method runs one phase's rules in order and says how it ended: {@link Outcome.Continue}
 * when no rule ended it. An error inside a rule refuses.
 */
public interface TrafficPolicy {
  Authorization authorization();

  /** Runs when a connection's first request arrives, before the key is checked. */
  Outcome onTcpConnect(Exchange exchange);

  /** Runs after the key check; {@link Outcome.Continue} means that no rule answered: 404. */
  Outcome onHttpRequest(Exchange exchange);

  /**
   * Runs on every answer that the request phase or a provider gave, before its first byte is sent:
   * {@link Outcome.Continue} lets {@code response} through with the header changes the rules made
   * in place, {@link Outcome.Respond} replaces it. When the answer is an event stream, the rules of
   * {@code on_event_stream_message} are wrapped around its body here.
   */
  Outcome onHttpResponse(Exchange exchange, Response response);
}
