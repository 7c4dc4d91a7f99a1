package dev.keygate.identifier;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * Makes identifiers: a prefix and 27 base62 characters in KSUID layout (SPEC.md section 2), which
 * sort by creation time. Those that one instance makes also sort among themselves within a second,
 * because the random part only grows while the second lasts. Safe for use from any thread.
 */
public final class Identifiers {
  /** KSUID's epoch, 2014-05-13T16:53:20Z. */
  private static final long EPOCH_SECONDS = 1_400_000_000L;

  private static final int ENCODED_LENGTH = 27;

  /** 62 to the fifth: the largest power that leaves room to divide by within a long. */
  private static final long FIVE_DIGITS = 916_132_832L;

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private long second;
  private long high;

  public Identifiers(InstantSource clock) {
    this.clock = clock;
  }

  /** A new identifier such as {@code aigk_2abc…}. */
  public String next(String prefix) {
    long moment;
    long grown;
    synchronized (this) {
      moment = Math.max(second, secondOf(clock.millis()));
      high = moment == second ? high + 1 + random.nextInt(1 << 20) : random.nextLong() >>> 2;
      second = moment;
      grown = high;
    }
    byte[] text = new byte[prefix.length() + 1 + ENCODED_LENGTH];
    byte[] begin = (prefix + '_').getBytes(ISO_8859_1);
    System.arraycopy(begin, 0, text, 0, begin.length);
    encode(moment, grown, random.nextLong(), text, begin.length);
    return new String(text, ISO_8859_1);
  }

  /** The second that an identifier made at this time begins with. */
  public static long secondOf(long unixMillis) {
    return Math.floorDiv(unixMillis, 1000) - EPOCH_SECONDS;
  }

  /**
   * Writes the 27 digits of an identifier.
   *
   * @param second as {@link #secondOf} gives it; of 128 bits behind it {@code high} are the first
   */
  public static void encode(long second, long high, long low, byte[] target, int offset) {
    int[] words = {
      (int) second, (int) (high >>> 32), (int) high, (int) (low >>> 32), (int) low,
    };
    for (int end = ENCODED_LENGTH; end > 2; end -= 5) {
      long rest = 0;
      for (int i = 0; i < words.length; i++) {
        long dividend = (rest << 32) | Integer.toUnsignedLong(words[i]);
        words[i] = (int) (dividend / FIVE_DIGITS);
        rest = dividend % FIVE_DIGITS;
      }
      Base62.encode(rest, target, offset + end - 5, 5);
    }
    Base62.encode(Integer.toUnsignedLong(words[4]), target, offset, 2);
  }

  /** Whether {@code text} has the shape of an identifier with this prefix. */
  public static boolean isIdentifier(String prefix, String text) {
    return text.length() == prefix.length() + 1 + ENCODED_LENGTH
        && text.startsWith(prefix)
        && text.charAt(prefix.length()) == '_'
        && text.chars().skip(prefix.length() + 1L).allMatch(c -> Base62.isDigit((char) c));
  }
}
