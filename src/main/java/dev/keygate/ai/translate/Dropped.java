package dev.keygate.ai.translate;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Notes what a translation leaves out, for the client to be told in {@value #HEADER}. Bounded: past
 * {@value #MOST} names the list ends in an ellipsis of three dots.
 */
final class Dropped {
  static final String HEADER = "x-keygate-dropped";
  private static final int MOST = 32;
  private static final int LONGEST_NAME = 64;

  private final Set<String> names = new LinkedHashSet<>();

  /**
   * @param name of the field; what a client made up is cut and made printable
   */
  void note(String name) {
    if (names.size() < MOST) {
      names.add(printable(name));
    } else {
      names.add("...");
    }
  }

  Set<String> names() {
    return names;
  }

  private static String printable(String name) {
    StringBuilder printable = new StringBuilder();
    for (int i = 0; i < Math.min(name.length(), LONGEST_NAME); i++) {
      char c = name.charAt(i);
      printable.append(c > ' ' && c < 0x7f && c != ',' ? c : '?');
    }
    return printable.toString();
  }
}
