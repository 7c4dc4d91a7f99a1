package dev.keygate.policy.document;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an unquoted scalar means: YAML 1.2's core schema, so {@code yes} and {@code on} are texts.
 */
final class PlainScalar {
  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,19}");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?");
  private static final Pattern RADIX = Pattern.compile("0x[0-9a-fA-F]{1,15}|0o[0-7]{1,20}");
  private static final int LONGEST_NUMBER = 64;

  private PlainScalar() {}

  static @Nullable Object value(String text) {
    return switch (text) {
      case "", "~", "null", "Null", "NULL" -> null;
      case "true", "True", "TRUE" -> true;
      case "false", "False", "FALSE" -> false;
      default -> text.length() > LONGEST_NUMBER ? text : number(text);
    };
  }

  private static Object number(String text) {
    if (RADIX.matcher(text).matches()) {
      return Long.parseLong(text.substring(2), text.charAt(1) == 'x' ? 16 : 8);
    }
    if (INTEGER.matcher(text).matches()) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException beyondLong) {
        return Double.parseDouble(text);
      }
    }
    return FLOAT.matcher(text).matches() ? Double.parseDouble(text) : text;
  }
}
