package dev.keygate.policy.action;

import dev.keygate.policy.expression.EvaluationException;
import java.util.regex.Pattern;

/** Keeps gateway keys, which rules can read, from being written where they must not be. */
public final class GatewayKeys {
  private static final String MARK = "-g1-";
  private static final Pattern FORM = Pattern.compile("ng-[^\\s\"',;]*-g1-[^\\s\"',;]*");

  private GatewayKeys() {}

  /**
   * The text, unless a gateway key stands in it.
   *
   * @throws EvaluationException if one does: it would leave the gateway
   */
  public static String refuse(String text) {
    if (text.contains(MARK) && FORM.matcher(text).find()) {
      throw new EvaluationException("a gateway key would leave the gateway");
    }
    return text;
  }

  /** The text with gateway keys blotted out. */
  static String redact(String text) {
    return text.contains(MARK) ? FORM.matcher(text).replaceAll("ng-***") : text;
  }
}
