package dev.keygate.usage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keygate.identifier.Base62;

/**
 * Reads what one {@link IdWriter} wrote. Anything else is refused, whatever bytes it is. Not for
 * use from several threads.
 */
final class IdReader {
  /** UTF-8 takes three bytes at most for a character of a text. */
  private static final int MAX_BYTES = 3 * RecordWriter.MAX_TEXT;

  private static final int DIGIT = (1 << IdWriter.DIGIT_BITS) - 1;

  private final byte[] bytes;
  private final int end;
  private int at;
  private String before = "";

  IdReader(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /**
   * The next id.
   *
   * @throws IllegalArgumentException if there is none
   */
  String next() {
    int shared = nextByte();
    before = shared == IdWriter.SPELLED ? spelled() : like(shared);
    return before;
  }

  private String like(int shared) {
    int length = before.length();
    if (shared > length) {
      throw new IllegalArgumentException("an id like one that is shorter");
    }
    byte[] digits = new byte[length - shared];
    int bits = 0;
    int count = 0;
    for (int i = 0; i < digits.length; i++) {
      if (count < IdWriter.DIGIT_BITS) {
        bits = bits << Byte.SIZE | nextByte();
        count += Byte.SIZE;
      }
      count -= IdWriter.DIGIT_BITS;
      digits[i] = Base62.digit(bits >> count & DIGIT);
    }
    return before.substring(0, shared) + new String(digits, ISO_8859_1);
  }

  private String spelled() {
    int length = nextByte() << Byte.SIZE | nextByte();
    if (length > MAX_BYTES || length > end - at) {
      throw new IllegalArgumentException("an id of " + length + " bytes");
    }
    String id = new String(bytes, at, length, UTF_8);
    at += length;
    return id;
  }

  private int nextByte() {
    if (at >= end) {
      throw new IllegalArgumentException("an id beyond the end");
    }
    return bytes[at++] & 0xff;
  }
}
