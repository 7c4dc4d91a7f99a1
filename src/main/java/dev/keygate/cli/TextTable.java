package dev.keygate.cli;

import java.util.List;

/** Rows of cells in aligned columns, for people. */
final class TextTable {
  private static final String GAP = "  ";
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  /** Longer cells lose their end; {@code get} shows them whole. */
  private static final int WIDEST = 60;

  private TextTable() {}

  /** How the header stands out. */
  enum Header {
    PLAIN,
    BOLD
  }

  /** Lines, the header's first; every row has as many cells as the header. */
  static String of(List<String> titles, List<List<String>> rows, Header header) {
    int[] widths = new int[titles.size()];
    widen(widths, titles);
    rows.forEach(row -> widen(widths, row));
    StringBuilder table = new StringBuilder();
    String first = line(widths, titles);
    table.append(header == Header.BOLD ? BOLD + first + PLAIN : first).append('\n');
    rows.forEach(row -> table.append(line(widths, row)).append('\n'));
    return table.toString();
  }

  private static void widen(int[] widths, List<String> cells) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], width(shortened(cells.get(i))));
    }
  }

  private static String line(int[] widths, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = shortened(cells.get(i));
      line.append(cell).append(" ".repeat(widths[i] - width(cell))).append(GAP);
    }
    return line.toString().stripTrailing();
  }

  private static String shortened(String cell) {
    String line = printable(cell).replace('\n', ' ');
    return width(line) <= WIDEST
        ? line
        : line.substring(0, line.offsetByCodePoints(0, WIDEST - 1)) + "…";
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The text without what would move the cursor or change colours of a terminal. */
  static String printable(String text) {
    StringBuilder printable = new StringBuilder(text.length());
    text.codePoints()
        .map(one -> Character.getType(one) == Character.FORMAT ? '?' : one)
        .map(one -> Character.isISOControl(one) && one != '\n' ? '?' : one)
        .forEach(printable::appendCodePoint);
    return printable.toString();
  }
}
