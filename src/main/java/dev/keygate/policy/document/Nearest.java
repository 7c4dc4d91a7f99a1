package dev.keygate.policy.document;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the known name that a misspelt one was probably meant to be. */
public final class Nearest {
  private Nearest() {}

  /** The nearest of the known names, or null when none is near enough to be meant. */
  public static @Nullable String of(String name, Collection<String> known) {
    String nearest = null;
    int allowed = Math.max(1, name.length() / 3) + 1;
    String written = normal(name);
    for (String candidate : known) {
      int distance = distance(written, normal(candidate), allowed);
      if (distance < allowed) {
        allowed = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /** A sentence that suggests the nearest known name, or lists the known ones. */
  public static String hint(String name, Collection<String> known) {
    String nearest = of(name, known);
    if (nearest != null) {
      return "did you mean '" + nearest + "'?";
    }
    return known.isEmpty() ? "nothing is expected here" : "expected " + list(known);
  }

  /** The names as words in a sentence: {@code a, b or c}. */
  public static String list(Collection<String> names) {
    StringBuilder list = new StringBuilder();
    int left = names.size();
    for (String name : names) {
      list.append(name).append(--left > 1 ? ", " : left == 1 ? " or " : "");
    }
    return list.toString();
  }

  private static String normal(String name) {
    String shortened = name.length() > 64 ? name.substring(0, 64) : name;
    return shortened.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  /** Levenshtein's distance; any number of at least {@code limit} when it is not smaller. */
  private static int distance(String left, String right, int limit) {
    if (Math.abs(left.length() - right.length()) >= limit) {
      return limit;
    }
    int[] row = new int[right.length() + 1];
    for (int column = 0; column < row.length; column++) {
      row[column] = column;
    }
    for (int line = 1; line <= left.length(); line++) {
      int diagonal = row[0];
      row[0] = line;
      for (int column = 1; column < row.length; column++) {
        int substituted = diagonal + (left.charAt(line - 1) == right.charAt(column - 1) ? 0 : 1);
        diagonal = row[column];
        row[column] = Math.min(substituted, Math.min(row[column], row[column - 1]) + 1);
      }
    }
    return row[right.length()];
  }
}
