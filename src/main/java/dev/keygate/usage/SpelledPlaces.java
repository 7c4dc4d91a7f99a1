package dev.keygate.usage;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The places of the texts that were spelled in records before, for who writes records; {@link
 * Spelled} is their reader's. As arrays, not as a map: with many keys a text is looked up that was
 * not used for long, and a map's entry, key and number would each be waited for.
 */
final class SpelledPlaces {
  /** A slot's lower bits: the place and one, or zero for none. The others are the hash's. */
  private static final int PLACE = 0x1fff;

  private static final int SLOTS = PLACE + 1;

  /** Clients choose texts, perhaps of one hash: one for which this is too few has no slot. */
  private static final int MOST_TRIES = 16;

  private final int[] slots = new int[SLOTS];
  private final @Nullable String[] texts = new @Nullable String[Spelled.MOST];
  private int size;

  /** The text's place, or -1 when it was not spelled or is not remembered. */
  int of(String text) {
    int hash = hash(text);
    int slot = hash & PLACE;
    for (int tries = 0; tries < MOST_TRIES && slots[slot] != 0; tries++) {
      int found = slots[slot];
      if (((found ^ hash) & ~PLACE) == 0 && text.equals(texts[(found & PLACE) - 1])) {
        return (found & PLACE) - 1;
      }
      slot = (slot + 1) & PLACE;
    }
    return -1;
  }

  /** Gives the text the next place, unless all are taken; whether or not it will be found there. */
  void keep(String text) {
    if (size == Spelled.MOST) {
      return;
    }
    texts[size++] = text;
    int hash = hash(text);
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      int slot = (hash + tries) & PLACE;
      if (slots[slot] == 0) {
        slots[slot] = (hash & ~PLACE) | size;
        return;
      }
    }
  }

  void clear() {
    Arrays.fill(slots, 0);
    Arrays.fill(texts, 0, size, null);
    size = 0;
  }

  private static int hash(String text) {
    return text.hashCode() * 0x9E3779B9; // texts alike but for their ends go to slots apart
  }
}
