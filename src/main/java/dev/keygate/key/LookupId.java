package dev.keygate.key;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The public part of a token, by which its key is found: {@value #LENGTH} characters of ISO 8859-1,
 * in two words. With a million keys each object that is looked at more is one more wait for memory.
 */
public record LookupId(long first, long second) {
  static final int LENGTH = 16;

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /**
   * The lookup id that {@code text} spells.
   *
   * @throws IllegalArgumentException unless it has {@value #LENGTH} characters
   */
  public static LookupId of(String text) {
    if (text.length() != LENGTH) {
      throw new IllegalArgumentException(text.length() + " characters, expected " + LENGTH);
    }
    return at(text.getBytes(ISO_8859_1), 0);
  }

  static LookupId at(byte[] text, int from) {
    return new LookupId((long) WORDS.get(text, from), (long) WORDS.get(text, from + Long.BYTES));
  }

  /** As it is spelled. */
  @Override
  public String toString() {
    byte[] text = ByteBuffer.allocate(LENGTH).putLong(first).putLong(second).array();
    return new String(text, ISO_8859_1);
  }
}
