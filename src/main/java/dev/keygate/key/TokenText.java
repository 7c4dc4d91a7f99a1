package dev.keygate.key;

import com.google.re2j.Pattern;

/**
 * Finds what is meant as a gateway key in texts that may be written down or shown, in linear time.
 */
public final class TokenText {
  private static final String MARK = "-g1-";
  private static final Pattern FORM = Pattern.compile("ng-[^\\s\"',;]*-g1-[^\\s\"',;]*");

  private TokenText() {}

  /** Whether a gateway key stands in the text. */
  public static boolean isIn(String text) {
    return text.contains(MARK) && FORM.matcher(text).find();
  }

  /** The text with gateway keys blotted out. */
  public static String redact(String text) {
    return text.contains(MARK) ? FORM.matcher(text).replaceAll("ng-***") : text;
  }
}
