package dev.keygate.gateway;

import dev.keygate.exchange.Refusal;

/**
 * Carries a refusal through the decoder's way of reporting bad input, so that it is answered after
 * the requests before it. Never thrown, so it has no stack.
 */
final class MalformedRequestException extends Exception {
  private final transient Refusal refusal;

  MalformedRequestException(Refusal refusal) {
    super(refusal.message(), null, false, false);
    this.refusal = refusal;
  }

  Refusal refusal() {
    return refusal;
  }
}
