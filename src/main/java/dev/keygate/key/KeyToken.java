package dev.keygate.key;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.keygate.identifier.Base62;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
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

  private final byte[] text; // ISO 8859-1

  private KeyToken(byte[] text) {
    this.text = text;
  }

  /** A new token with 190 bits of secret. */
  public static KeyToken generate(SecureRandom random) {
    String body =
        PREFIX
            + Base62.random(random, LOOKUP_LENGTH)
            + MIDDLE
            + Base62.random(random, SECRET_LENGTH);
    byte[] text = Arrays.copyOf(body.getBytes(ISO_8859_1), LENGTH);
    System.arraycopy(checksum(text), 0, text, CHECKSUM_START, CHECKSUM_LENGTH);
    return new KeyToken(text);
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
        || !text.startsWith(MIDDLE, MIDDLE_START)) {
      return null;
    }
    byte[] bytes = text.getBytes(ISO_8859_1); // with a question mark, no digit, for all others
    boolean isGood =
        Base62.areDigits(bytes, PREFIX.length(), MIDDLE_START)
            && Base62.areDigits(bytes, SECRET_START, LENGTH)
            && Arrays.equals(bytes, CHECKSUM_START, LENGTH, checksum(bytes), 0, CHECKSUM_LENGTH);
    return isGood ? new KeyToken(bytes) : null;
  }

  /** The 16 characters by which the key is found; not secret. */
  public String lookupId() {
    return lookup().toString();
  }

  LookupId lookup() {
    return LookupId.at(text, PREFIX.length());
  }

  /** SHA-256 of the whole token: what is stored. */
  public TokenHash hash() {
    MessageDigest digest = SHA_256.get();
    return TokenHash.of(digest.digest(text));
  }

  /** How the key is shown after its creation: {@code ng-AbCd***wxyz}. */
  public String displayName() {
    String whole = reveal();
    return whole.substring(0, 7) + "***" + whole.substring(LENGTH - 4);
  }

  /** The token itself: for the one answer that shows it. */
  public String reveal() {
    return new String(text, ISO_8859_1);
  }

  @Override
  public String toString() {
    return displayName();
  }

  private static byte[] checksum(byte[] text) {
    CRC32 crc = new CRC32();
    crc.update(text, 0, CHECKSUM_START);
    byte[] digits = new byte[CHECKSUM_LENGTH];
    Base62.encode(crc.getValue(), digits, 0, CHECKSUM_LENGTH);
    return digits;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
