package dev.keygate.usage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keygate.identifier.Base62;
import java.util.Arrays;

/**
 * Writes record ids one after the other, so that nothing is left to compress: they are random, and
 * a compressor that looks for what it has seen before takes most of its time over them. An id is
 * the number of characters it begins with like the one before, and the rest at six bits each, where
 * it is as long and the rest is base62; else {@value #SPELLED}, two bytes of length, highest first,
 * and UTF-8. Not for use from several threads.
 */
final class IdWriter {
  /** Stands before an id that is spelled out; below it are numbers of characters. */
  static final int SPELLED = 0xff;

  /** Bits of a base62 digit. */
  static final int DIGIT_BITS = 6;

  private static final int USUAL_ID = 20;

  private byte[] bytes = new byte[1000 * USUAL_ID];
  private int end;
  private String before = "";

  /** Has the next id stand for itself. */
  void startAnew() {
    end = 0;
    before = "";
  }

  /** What was written, in {@link #bytes()} from 0 on, until the next call. */
  int length() {
    return end;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Adds an id; what is longer than a record's text may be is cut. */
  void add(String id) {
    int shared = shared(id);
    if (shared < 0) {
      spell(id.substring(0, Math.min(id.length(), RecordWriter.MAX_TEXT)));
    } else {
      makeRoom(1 + id.length());
      bytes[end++] = (byte) shared;
      digits(id, shared);
    }
    before = id;
  }

  /** With how many characters it begins like the one before; -1 where that is no help. */
  private int shared(String id) {
    int length = id.length();
    if (length != before.length() || length > RecordWriter.MAX_TEXT) {
      return -1;
    }
    int shared = 0;
    while (shared < length && id.charAt(shared) == before.charAt(shared)) {
      shared++;
    }
    for (int i = shared; i < length; i++) {
      if (!Base62.isDigit(id.charAt(i))) {
        return -1;
      }
    }
    return shared;
  }

  private void digits(String id, int from) {
    int bits = 0;
    int count = 0;
    for (int i = from; i < id.length(); i++) {
      bits = bits << DIGIT_BITS | Base62.valueOf(id.charAt(i));
      count += DIGIT_BITS;
      if (count >= Byte.SIZE) {
        count -= Byte.SIZE;
        bytes[end++] = (byte) (bits >> count);
      }
    }
    if (count > 0) {
      bytes[end++] = (byte) (bits << (Byte.SIZE - count));
    }
  }

  private void spell(String id) {
    byte[] text = id.getBytes(UTF_8);
    makeRoom(3 + text.length);
    bytes[end++] = (byte) SPELLED;
    bytes[end++] = (byte) (text.length >> Byte.SIZE);
    bytes[end++] = (byte) text.length;
    System.arraycopy(text, 0, bytes, end, text.length);
    end += text.length;
  }

  private void makeRoom(int more) {
    if (end + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * (bytes.length + more));
    }
  }
}
