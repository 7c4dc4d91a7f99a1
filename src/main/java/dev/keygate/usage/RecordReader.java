package dev.keygate.usage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads what {@link RecordWriter} wrote. Anything else is refused, whatever bytes it is. Not for
 * use from several threads.
 */
final class RecordReader {
  /** Texts of a record that are remembered; what is further back is made anew. */
  private static final int REMEMBERED = 64;

  private final byte[][] seen = new byte[REMEMBERED][];
  private final String[] texts = new String[REMEMBERED];
  private byte[] bytes = new byte[0];
  private int end;
  private int at;
  private int text;

  /**
   * The record in these bytes. Texts that stood in the same place of an earlier record are the same
   * objects: records are alike.
   *
   * @throws IllegalArgumentException if they hold none
   */
  RequestRecord read(byte[] record) {
    bytes = record;
    end = record.length;
    at = 0;
    text = 0;
    return record();
  }

  private RequestRecord record() {
    if (number() != 1) {
      throw new IllegalArgumentException("a record of another version");
    }
    return new RequestRecord(
        text(),
        number(),
        number(),
        signed(),
        text(),
        text(),
        text(),
        (int) number(),
        text(),
        text(),
        text(),
        number(),
        number(),
        routed());
  }

  private Routed routed() {
    List<String> asked = texts();
    List<Routed.Candidate> candidates = new ArrayList<>();
    for (int left = count(); left > 0; left--) {
      candidates.add(new Routed.Candidate(text(), text(), text()));
    }
    List<Routed.Skip> skips = new ArrayList<>();
    for (int left = count(); left > 0; left--) {
      skips.add(new Routed.Skip(text(), text(), text(), text()));
    }
    List<Routed.Attempt> attempts = new ArrayList<>();
    for (int left = count(); left > 0; left--) {
      attempts.add(
          new Routed.Attempt(
              text(), text(), text(), (int) number(), text(), text(), number(), number()));
    }
    Routed.Tokens tokens = new Routed.Tokens(number(), number(), Routed.Tokens.Source.of(number()));
    return new Routed(asked, candidates, skips, attempts, tokens, signed());
  }

  private List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (int left = count(); left > 0; left--) {
      texts.add(text());
    }
    return texts;
  }

  private int count() {
    long count = number();
    if (count > RecordWriter.MAX_ENTRIES) {
      throw new IllegalArgumentException("a list too long");
    }
    return (int) count;
  }

  private String text() {
    long length = number();
    if (length > end - at) {
      throw new IllegalArgumentException("a text beyond the record's end");
    }
    int from = at;
    at += (int) length;
    return text < REMEMBERED ? remembered(from, at) : new String(bytes, from, at - from, UTF_8);
  }

  private String remembered(int from, int to) {
    int place = text++;
    byte[] before = seen[place];
    if (before == null || !Arrays.equals(before, 0, before.length, bytes, from, to)) {
      seen[place] = Arrays.copyOfRange(bytes, from, to);
      texts[place] = new String(bytes, from, to - from, UTF_8);
    }
    return texts[place];
  }

  private long signed() {
    return number() - 1;
  }

  private long number() {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      if (at >= end) {
        throw new IllegalArgumentException("a number beyond the record's end");
      }
      byte next = bytes[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number too long");
  }
}
