package dev.keygate.usage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes records in the journal's form, one after the other: numbers seven bits to a byte, lowest
 * first; texts as a number and, where it says so, their bytes in UTF-8. Records are alike, so most
 * texts are such a number alone: zero for what the record before has in the same place, and an even
 * one for what was spelled in any record before, by {@link Spelled its place among those}. An odd
 * number is twice the length, and one, of what is spelled. Bounded: texts and lists are cut, so
 * that a record always fits. Not for use from several threads.
 */
final class RecordWriter {
  /** Most characters of a text; what is longer is cut. */
  static final int MAX_TEXT = 200;

  /** Most entries of a list; what is further back is cut. */
  static final int MAX_ENTRIES = 40;

  /** Texts of a record that the next may refer to; what is further back is always written. */
  static final int REMEMBERED = 64;

  /** The first form repeated every text. */
  static final int REPEATING = 1;

  /** The second referred to the record before alone. */
  static final int REFERRING = 2;

  static final int SPELLING_ONCE = 3;

  private static final int LARGEST = 512 * 1024;

  private final byte[] bytes = new byte[LARGEST];
  private final @Nullable String[] before = new @Nullable String[REMEMBERED];
  private final SpelledPlaces spelled = new SpelledPlaces();
  private int end;
  private int place;

  /** Has the next record stand for itself, as the first of a file must. */
  void startAnew() {
    Arrays.fill(before, null);
    spelled.clear();
  }

  /** The record's bytes, in {@link #bytes()} from 0 on, until the next call. */
  int write(RequestRecord record) {
    return write(record, record.id());
  }

  /** The same without the record's id, for who has that elsewhere. */
  int writeWithoutId(RequestRecord record) {
    return write(record, "");
  }

  private int write(RequestRecord record, String id) {
    end = 0;
    place = 0;
    number(SPELLING_ONCE);
    id(id);
    number(record.startMillis());
    number(record.micros());
    signed(record.firstByteMicros());
    text(record.endpointId());
    text(record.keyId());
    text(record.surface());
    number(record.status());
    text(record.errorCode());
    text(record.reason());
    text(record.clientIp());
    number(record.bytesIn());
    number(record.bytesOut());
    routed(record.routed());
    return end;
  }

  byte[] bytes() {
    return bytes;
  }

  private void routed(Routed routed) {
    texts(routed.asked());
    int candidates = count(routed.candidates());
    for (int i = 0; i < candidates; i++) {
      Routed.Candidate candidate = routed.candidates().get(i);
      text(candidate.provider());
      text(candidate.model());
      text(candidate.fate());
    }
    int skips = count(routed.skips());
    for (int i = 0; i < skips; i++) {
      Routed.Skip skip = routed.skips().get(i);
      text(skip.provider());
      text(skip.model());
      text(skip.providerKeyId());
      text(skip.reason());
    }
    int attempts = count(routed.attempts());
    for (int i = 0; i < attempts; i++) {
      Routed.Attempt attempt = routed.attempts().get(i);
      text(attempt.provider());
      text(attempt.model());
      text(attempt.providerKeyId());
      number(attempt.status());
      text(attempt.ending());
      text(attempt.verdict());
      number(attempt.startMicros());
      number(attempt.firstByteMicros());
    }
    number(routed.tokens().input());
    number(routed.tokens().output());
    number(routed.tokens().source().code());
    signed(routed.cost());
  }

  private void texts(List<String> texts) {
    int count = count(texts);
    for (int i = 0; i < count; i++) {
      text(texts.get(i));
    }
  }

  private int count(List<?> entries) {
    int count = Math.min(entries.size(), MAX_ENTRIES);
    number(count);
    return count;
  }

  private void signed(long value) {
    number(value < 0 ? 0 : value + 1);
  }

  private void number(long value) {
    long rest = Math.max(0, value);
    while (rest > 0x7f) {
      bytes[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[end++] = (byte) rest;
  }

  /** Never the one of a record before. */
  private void id(String id) {
    place++;
    spell(id);
  }

  private void text(String whole) {
    int here = place++;
    if (here < REMEMBERED) {
      if (whole.equals(before[here])) {
        number(0);
        return;
      }
      before[here] = whole.length() <= MAX_TEXT ? whole : null;
    }
    if (!Spelled.isKept(here, whole)) {
      spell(whole);
      return;
    }
    int known = spelled.of(whole);
    if (known >= 0) {
      number(2L * known + 2);
    } else {
      spell(whole);
      spelled.keep(whole);
    }
  }

  private void spell(String whole) {
    int length = Math.min(whole.length(), MAX_TEXT);
    int from = end;
    number(2L * length + 1);
    for (int i = 0; i < length; i++) {
      char c = whole.charAt(i);
      if (c > 0x7f) {
        end = from;
        encoded(whole.substring(0, length).getBytes(UTF_8));
        return;
      }
      bytes[end++] = (byte) c;
    }
  }

  private void encoded(byte[] text) {
    number(2L * text.length + 1);
    System.arraycopy(text, 0, bytes, end, text.length);
    end += text.length;
  }
}
