package dev.keygate.usage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keygate.identifier.Base62;

/**
 * Reads what one {@link IdWriter} wrote. Anything else is refused, whatever bytes it is. Not for
 * use from several threads.
 */
final class IdReader {
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
    int shared = next8();
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
        bits = bits << Byte.SIZE | next8();
        count += Byte.SIZE;
      }
      count -= IdWriter.DIGIT_BITS;
      digits[i] = Base62.digit(bits >> count & DIGIT);
    }
    return before.substring(0, shared) + new String(digits, ISO_8859_1);
  }

  private String spelled() {
    int length = next8() << Byte.SIZE | next8();
    if (length > end - at) {
      throw new IllegalArgumentException("an id beyond the end");
    }
    String id = new String(bytes, at, length, UTF_8);
    at += length;
    return id;
  }

  private int next8() {
    if (at >= end) {
      throw new IllegalArgumentException("an id beyond the end");
    }
    return bytes[at++] & 0xff;
  }
}
