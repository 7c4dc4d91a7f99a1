package dev.keygate.key;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.keygate.identifier.Base62;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A management API key's token: {@code kgm_}, 43 base62 characters of secret (256 bits), and 6 of
 * CRC-32 over all before it. It cannot be taken for a gateway key, and a mistyped one is told from
 * an unknown one without asking anybody.
 */
public final class ManagementToken {
  private static final String PREFIX = "kgm_";
  private static final int SECRET_LENGTH = 43;
  private static final int CHECKSUM_LENGTH = 6;
  private static final int CHECKSUM_START = PREFIX.length() + SECRET_LENGTH;
  static final int LENGTH = CHECKSUM_START + CHECKSUM_LENGTH;

  private final String text;

  private ManagementToken(String text) {
    this.text = text;
  }

  public static ManagementToken generate(SecureRandom random) {
    String body = PREFIX + Base62.random(random, SECRET_LENGTH);
    return new ManagementToken(body + checksum(body));
  }

  /** The token that {@code text} spells, or null when it is none. */
  public static @Nullable ManagementToken parse(String text) {
    boolean wellFormed =
        text.length() == LENGTH
            && text.startsWith(PREFIX)
            && text.chars().skip(PREFIX.length()).allMatch(c -> Base62.isDigit((char) c))
            && text.startsWith(checksum(text.substring(0, CHECKSUM_START)), CHECKSUM_START);
    return wellFormed ? new ManagementToken(text) : null;
  }

  /** SHA-256 of the whole token: what is stored. */
  public TokenHash hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return TokenHash.of(digest.digest(text.getBytes(ISO_8859_1)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The token itself: for the one answer, or the one file, that shows it. */
  public String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return PREFIX + "***";
  }

  private static String checksum(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(ISO_8859_1));
    return Base62.encode(crc.getValue(), CHECKSUM_LENGTH);
  }
}
