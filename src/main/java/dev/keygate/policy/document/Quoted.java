package dev.keygate.policy.document;

/** How a document's own words appear in messages: short, on one line, in quotes. */
public final class Quoted {
  private static final int LIMIT = 60;

  private Quoted() {}

  public static String of(String text) {
    StringBuilder quoted = new StringBuilder("'");
    int end = Math.min(text.length(), LIMIT);
    for (int at = 0; at < end; at++) {
      char character = text.charAt(at);
      quoted.append(Character.isISOControl(character) ? ' ' : character);
    }
    return quoted.append(text.length() > LIMIT ? "…'" : "'").toString();
  }
}
