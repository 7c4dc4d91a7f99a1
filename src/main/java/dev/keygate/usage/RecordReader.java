package dev.keygate.usage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what one {@link RecordWriter} wrote, in the same order. Anything else is refused, whatever
 * bytes it is, and so is what refers to records before once one of them was. Not for use from
 * several threads.
 */
final class RecordReader {
  private final @Nullable String[] before = new @Nullable String[RecordWriter.REMEMBERED];
  private final Spelled spelled = new Spelled();
  private byte[] bytes = new byte[0];
  private int end;
  private int at;
  private int place;
  private long form;
  private boolean isOneMissing;

  /**
   * The record in these bytes.
   *
   * @throws IllegalArgumentException if they hold none, or one that does not follow the one before
   */
  RequestRecord read(byte[] record) {
    bytes = record;
    end = record.length;
    at = 0;
    place = 0;
    try {
      return record();
    } catch (IllegalArgumentException e) {
      isOneMissing = true;
      throw e;
    }
  }

  private RequestRecord record() {
    form = number();
    if (form < RecordWriter.REPEATING || form > RecordWriter.SPELLING_ONCE) {
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
    int left = count();
    List<Routed.Candidate> candidates = new ArrayList<>(left);
    for (; left > 0; left--) {
      candidates.add(new Routed.Candidate(text(), text(), text()));
    }
    left = count();
    List<Routed.Skip> skips = new ArrayList<>(left);
    for (; left > 0; left--) {
      skips.add(new Routed.Skip(text(), text(), text(), text()));
    }
    left = count();
    List<Routed.Attempt> attempts = new ArrayList<>(left);
    for (; left > 0; left--) {
      attempts.add(
          new Routed.Attempt(
              text(), text(), text(), (int) number(), text(), text(), number(), number()));
    }
    Routed.Tokens tokens = new Routed.Tokens(number(), number(), Routed.Tokens.Source.of(number()));
    return new Routed(asked, candidates, skips, attempts, tokens, signed());
  }

  private List<String> texts() {
    int left = count();
    List<String> texts = new ArrayList<>(left);
    for (; left > 0; left--) {
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
    int here = place++;
    long said = number();
    if (form == RecordWriter.REPEATING) {
      return spelled(here, said);
    }
    if (said == 0) {
      return textBefore(here);
    }
    if (form == RecordWriter.REFERRING) {
      return spelled(here, said - 1);
    }
    return said % 2 == 0 ? known(here, said / 2 - 1) : spelled(here, said / 2);
  }

  private String spelled(int here, long length) {
    if (length > end - at) {
      throw new IllegalArgumentException("a text beyond the record's end");
    }
    String text = new String(bytes, at, (int) length, UTF_8);
    at += (int) length;
    spelled.keep(here, text);
    return remembered(here, text);
  }

  private String known(int here, long which) {
    return remembered(here, isOneMissing ? missing() : spelled.at(which));
  }

  private String remembered(int here, String text) {
    if (here < before.length) {
      before[here] = text;
    }
    return text;
  }

  private String textBefore(int here) {
    String text = here < before.length ? before[here] : null;
    return text == null || isOneMissing ? missing() : text;
  }

  private static String missing() {
    throw new IllegalArgumentException("a text of a record before that was not read");
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
