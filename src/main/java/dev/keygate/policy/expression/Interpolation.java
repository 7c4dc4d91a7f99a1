package dev.keygate.policy.expression;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a text with {@code ${…}} into what stands there and what is to be computed. Braces and
 * quotes inside an expression are skipped as CEL reads them, so {@code ${'}'}} is one expression.
 */
final class Interpolation {

  /**
   * A stretch of the text.
   *
   * @param text the literal text, or the expression without its braces
   * @param offset where it starts, in characters
   */
  record Part(boolean isExpression, String text, int offset) {}

  /** The text has an opening that nothing closes. */
  static final class UnclosedException extends Exception {
    private final transient List<Part> before;
    private final int offset;

    UnclosedException(List<Part> before, int offset) {
      super("unclosed", null, false, false);
      this.before = before;
      this.offset = offset;
    }

    /** What stands before it. */
    List<Part> before() {
      return before;
    }

    int offset() {
      return offset;
    }
  }

  private Interpolation() {}

  static boolean isIn(String text) {
    return text.contains("${");
  }

  static List<Part> split(String text) throws UnclosedException {
    List<Part> parts = new ArrayList<>();
    int from = 0;
    for (int open = text.indexOf("${"); open >= 0; open = text.indexOf("${", from)) {
      if (open > from) {
        parts.add(new Part(false, text.substring(from, open), from));
      }
      int close = end(text, open + 2);
      if (close < 0) {
        throw new UnclosedException(parts, open);
      }
      parts.add(new Part(true, text.substring(open + 2, close), open + 2));
      from = close + 1;
    }
    if (from < text.length()) {
      parts.add(new Part(false, text.substring(from), from));
    }
    return parts;
  }

  /** Where the brace stands that closes the expression starting here, or -1. */
  private static int end(String text, int start) {
    int depth = 0;
    int at = start;
    while (at < text.length()) {
      char character = text.charAt(at);
      if (character == '\'' || character == '"') {
        at = afterQuoted(text, at);
        continue;
      }
      if (character == '{') {
        depth++;
      } else if (character == '}' && depth-- == 0) {
        return at;
      }
      at++;
    }
    return -1;
  }

  private static int afterQuoted(String text, int open) {
    char quote = text.charAt(open);
    String triple = String.valueOf(quote).repeat(3);
    boolean raw = open > 0 && "rR".indexOf(text.charAt(open - 1)) >= 0;
    boolean isTriple = text.startsWith(triple, open);
    int at = open + (isTriple ? 3 : 1);
    while (at < text.length()) {
      if (text.charAt(at) == '\\' && !raw) {
        at += 2;
      } else if (isTriple ? text.startsWith(triple, at) : text.charAt(at) == quote) {
        return at + (isTriple ? 3 : 1);
      } else {
        at++;
      }
    }
    return text.length();
  }
}
