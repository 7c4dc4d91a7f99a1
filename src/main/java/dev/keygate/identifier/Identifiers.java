package dev.keygate.identifier;

import java.math.BigInteger;
import java.nio.ByteBuffer;
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
  private static final BigInteger SIXTY_TWO = BigInteger.valueOf(62);

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private long second;
  private long high;

  public Identifiers(InstantSource clock) {
    this.clock = clock;
  }

  /** A new identifier such as {@code aigk_2abc…}. */
  public String next(String prefix) {
    ByteBuffer bytes = ByteBuffer.allocate(20);
    synchronized (this) {
      long now = Math.max(second, clock.instant().getEpochSecond() - EPOCH_SECONDS);
      high = now == second ? high + 1 + random.nextInt(1 << 20) : random.nextLong() >>> 2;
      second = now;
      bytes.putInt((int) now).putLong(high);
    }
    bytes.putLong(random.nextLong());
    return prefix + '_' + encode(new BigInteger(1, bytes.array()));
  }

  /** Whether {@code text} has the shape of an identifier with this prefix. */
  public static boolean isIdentifier(String prefix, String text) {
    return text.length() == prefix.length() + 1 + ENCODED_LENGTH
        && text.startsWith(prefix)
        && text.charAt(prefix.length()) == '_'
        && text.chars().skip(prefix.length() + 1L).allMatch(c -> Base62.isDigit((char) c));
  }

  private static String encode(BigInteger value) {
    char[] text = new char[ENCODED_LENGTH];
    BigInteger rest = value;
    for (int i = ENCODED_LENGTH - 1; i >= 0; i--) {
      BigInteger[] division = rest.divideAndRemainder(SIXTY_TWO);
      text[i] = Base62.encode(division[1].longValue(), 1).charAt(0);
      rest = division[0];
    }
    return new String(text);
  }
}
