package dev.keygate.usage;

import java.util.ArrayList;
import java.util.List;

/**
 * The texts that were spelled in records before, in the order in which they were, as who reads
 * records knows them; who writes them keeps the same. Bounded: when there are {@value #MOST}, what
 * comes after is spelled each time.
 */
final class Spelled {
  static final int MOST = 4096;

  /** Below this, a number is hardly shorter. */
  private static final int SHORTEST = 3;

  private static final int RECORD_ID = 0;

  private final List<String> texts = new ArrayList<>();

  /** Whether a text in this place of its record is worth keeping: its id never comes again. */
  static boolean isKept(int place, String text) {
    // What is as long as a text may be was perhaps cut, and is another text to who reads it.
    return place != RECORD_ID && text.length() >= SHORTEST && text.length() < RecordWriter.MAX_TEXT;
  }

  void keep(int place, String text) {
    if (isKept(place, text) && texts.size() < MOST) {
      texts.add(text);
    }
  }

  /**
   * The text at this place among those kept.
   *
   * @throws IllegalArgumentException if there is none
   */
  String at(long place) {
    if (place >= texts.size()) {
      throw new IllegalArgumentException("a text of a record before that was not read");
    }
    return texts.get((int) place);
  }
}
