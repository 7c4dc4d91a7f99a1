package dev.keygate.policy.action;

import dev.keygate.key.TokenText;
import dev.keygate.policy.expression.EvaluationException;

/** Keeps gateway keys, which rules can read, from being written where they must not be. */
public final class GatewayKeys {
  private GatewayKeys() {}

  /**
   * The text, unless a gateway key stands in it.
   *
   * @throws EvaluationException if one does: it would leave the gateway
   */
  public static String refuse(String text) {
    if (TokenText.isIn(text)) {
      throw new EvaluationException("a gateway key would leave the gateway");
    }
    return text;
  }
}
