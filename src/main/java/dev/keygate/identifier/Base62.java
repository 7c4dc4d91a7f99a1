package dev.keygate.identifier;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.random.RandomGenerator;

/** Base62 with digits before upper before lower case, so that encoded numbers sort like numbers. */
public final class Base62 {
  private static final byte[] DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".getBytes(ISO_8859_1);

  private Base62() {}

  /** Whether {@code c} is one of the 62 digits. */
  public static boolean isDigit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  /** A uniformly random digit string; {@code random} decides whether it is fit for a secret. */
  public static String random(RandomGenerator random, int length) {
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = DIGITS[random.nextInt(62)];
    }
    return new String(text, ISO_8859_1);
  }

  /**
   * {@code value}, taken as unsigned, in exactly {@code length} digits; high digits are cut off.
   */
  public static String encode(long value, int length) {
    byte[] text = new byte[length];
    encode(value, text, 0, length);
    return new String(text, ISO_8859_1);
  }

  /** Writes {@code value}, taken as unsigned, into {@code length} bytes of {@code target}. */
  public static void encode(long value, byte[] target, int offset, int length) {
    long rest = value;
    for (int i = offset + length - 1; i >= offset; i--) {
      target[i] = DIGITS[(int) Long.remainderUnsigned(rest, 62)];
      rest = Long.divideUnsigned(rest, 62);
    }
  }
}
