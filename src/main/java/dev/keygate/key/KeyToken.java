package dev.keygate.key;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.keygate.identifier.Base62;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A gateway API key's token (SPEC.md section 3): {@code ng-}, 16 characters of public lookup id,
 * {@code -g1-}, 32 characters of secret, and 6 of CRC-32 over all before it, in base62.
 *
 * <p>The text is reachable through {@link #reveal} alone; {@code toString} shows what the display
 * name shows.
 */
public final class KeyToken {
  static final int LENGTH = 61;

  private static final String PREFIX = "ng-";
  private static final String MIDDLE = "-g1-";
  private static final int LOOKUP_LENGTH = 16;
  private static final int MIDDLE_START = 3 + LOOKUP_LENGTH;
  private static final int SECRET_START = MIDDLE_START + 4;
  private static final int SECRET_LENGTH = 32;
  private static final int CHECKSUM_START = SECRET_START + SECRET_LENGTH;
  private static final int CHECKSUM_LENGTH = 6;

  /** Not thread-safe and costly to make; one for each thread that checks keys. */
  private static final ThreadLocal<MessageDigest> SHA_256 =
      ThreadLocal.withInitial(KeyToken::sha256);

  private final String text;

  private KeyToken(String text) {
    this.text = text;
  }

  /** A new token with 190 bits of secret. */
  public static KeyToken generate(SecureRandom random) {
    String body =
        PREFIX
            + Base62.random(random, LOOKUP_LENGTH)
            + MIDDLE
            + Base62.random(random, SECRET_LENGTH);
    return new KeyToken(body + checksum(body));
  }

  /**
   * Whether {@code text} is meant as a gateway key, well-formed or not ({@code ng-*-g1-*}). Such a
   * text is never treated as any other kind of credential.
   */
  public static boolean isMeantAsKey(String text) {
    return text.startsWith(PREFIX) && text.indexOf(MIDDLE, PREFIX.length()) >= 0;
  }

  /** The token that {@code text} spells, or null when its length, alphabet or checksum is wrong. */
  public static @Nullable KeyToken parse(String text) {
    if (text.length() != LENGTH
        || !text.startsWith(PREFIX)
        || !text.startsWith(MIDDLE, MIDDLE_START)
        || !areDigits(text, PREFIX.length(), MIDDLE_START)
        || !areDigits(text, SECRET_START, LENGTH)
        || !text.startsWith(checksum(text.substring(0, CHECKSUM_START)), CHECKSUM_START)) {
      return null;
    }
    return new KeyToken(text);
  }

  /** The 16 characters by which the key is found; not secret. */
  public String lookupId() {
    return text.substring(PREFIX.length(), MIDDLE_START);
  }

  /** SHA-256 of the whole token: what is stored. */
  public TokenHash hash() {
    MessageDigest digest = SHA_256.get();
    return TokenHash.of(digest.digest(text.getBytes(ISO_8859_1)));
  }

  /** How the key is shown after its creation: {@code ng-AbCd***wxyz}. */
  public String displayName() {
    return text.substring(0, 7) + "***" + text.substring(LENGTH - 4);
  }

  /** The token itself: for the one answer that shows it. */
  public String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return displayName();
  }

  private static String checksum(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(ISO_8859_1));
    return Base62.encode(crc.getValue(), CHECKSUM_LENGTH);
  }

  private static boolean areDigits(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!Base62.isDigit(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
