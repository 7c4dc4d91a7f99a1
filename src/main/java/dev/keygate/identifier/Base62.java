package dev.keygate.identifier;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Base62 with digits before upper before lower case, so that encoded numbers sort like numbers. */
public final class Base62 {
  private static final byte[] DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".getBytes(ISO_8859_1);

  /** By Latin-1 character: a digit's value, or -1 for anything else. */
  private static final byte[] VALUES = values();

  private Base62() {}

  private static byte[] values() {
    byte[] values = new byte[256];
    Arrays.fill(values, (byte) -1);
    for (int value = 0; value < DIGITS.length; value++) {
      values[DIGITS[value]] = (byte) value;
    }
    return values;
  }

  /** Whether {@code c} is one of the 62 digits. */
  public static boolean isDigit(char c) {
    return c < VALUES.length && VALUES[c] >= 0;
  }

  /** The value, 0 to 61, of a character that {@link #isDigit}. */
  public static int valueOf(char digit) {
    return VALUES[digit];
  }

  /**
   * The digit with this value.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static byte digit(int value) {
    if (value < 0 || value >= DIGITS.length) {
      throw new IllegalArgumentException("no digit has the value " + value);
    }
    return DIGITS[value];
  }

  /**
   * Whether all of {@code text}, in ISO 8859-1, from {@code from} to before {@code to} are digits.
   * Takes the same time for all texts: a branch for each digit would be mispredicted for most.
   */
  public static boolean areDigits(byte[] text, int from, int to) {
    int all = 0; // negative as soon as one is
    for (int i = from; i < to; i++) {
      all |= VALUES[text[i] & 0xff];
    }
    return all >= 0;
  }

  /** A uniformly random digit string; {@code random} decides whether it is fit for a secret. */
  public static String random(RandomGenerator random, int length) {
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = DIGITS[random.nextInt(62)];
    }
    return new String(text, ISO_8859_1);
  }

  /** {@code value}, not negative, in exactly {@code length} digits; high digits are cut off. */
  public static String encode(long value, int length) {
    byte[] text = new byte[length];
    encode(value, text, 0, length);
    return new String(text, ISO_8859_1);
  }

  /** Writes {@code value}, not negative, into {@code length} bytes of {@code target}. */
  public static void encode(long value, byte[] target, int offset, int length) {
    long rest = value;
    for (int i = offset + length - 1; i >= offset; i--) {
      long above = rest / 62;
      target[i] = DIGITS[(int) (rest - above * 62)];
      rest = above;
    }
  }
}
