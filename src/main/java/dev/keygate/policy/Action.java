package dev.keygate.policy;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;

/**
 * One compiled step of a policy. Immutable, shared by all requests and event loops; called on the
 * exchange's event loop and never blocks it. An action that needs no I/O costs no future.
 */
@FunctionalInterface
public interface Action {
  Outcome apply(Exchange exchange);
}
