package dev.keygate.secret;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Hkdf;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * An AES-256 key that wraps data keys. Its identifier is derived from the key, so that a sealed
 * value can name the key it needs without anybody keeping a list.
 */
public final class MasterKey {
  static final int LENGTH = 32;
  static final int ID_LENGTH = 8;
  private static final byte[] ID_LABEL = "keygate master key id".getBytes(StandardCharsets.UTF_8);

  private final byte[] id;
  private final byte[] key;
  private final Aead aead;

  private MasterKey(byte[] key) {
    this.key = key;
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(ID_LABEL);
      this.id = Arrays.copyOf(digest.digest(key), ID_LENGTH);
      this.aead = new AesGcmJce(key);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no AES-256-GCM", e);
    }
  }

  /** A new key from the system's random source. */
  public static MasterKey generate() {
    byte[] key = new byte[LENGTH];
    new SecureRandom().nextBytes(key);
    return new MasterKey(key);
  }

  /**
   * The key written as base64 of 32 bytes, as {@code openssl rand -base64 32} prints it.
   *
   * @throws IllegalArgumentException if it is anything else; the message does not repeat the text
   */
  public static MasterKey parse(Secret base64) {
    byte[] key;
    try {
      key = Base64.getDecoder().decode(base64.reveal().strip());
    } catch (IllegalArgumentException e) {
      // The decoder's message would repeat a character of the key, so it is not the cause either.
      throw new IllegalArgumentException(
          "the master key is not base64; expected base64 of 32 bytes, as 'openssl rand -base64 32'"
              + " prints it");
    }
    if (key.length != LENGTH) {
      throw new IllegalArgumentException(
          "the master key is %d bytes; expected base64 of 32 bytes, as 'openssl rand -base64 32' prints it"
              .formatted(key.length));
    }
    return new MasterKey(key);
  }

  /** Names the key without giving anything of it away: 16 hexadecimal digits. */
  public String id() {
    return HexFormat.of().formatHex(id);
  }

  /** The form that {@link #parse} reads. */
  Secret encoded() {
    return Secret.of(Base64.getEncoder().encodeToString(key));
  }

  /** HKDF with HMAC-SHA256 (RFC 5869), the label being its info. */
  byte[] derive(String label) {
    try {
      return Hkdf.computeHkdf(
          "HMACSHA256", key, new byte[0], label.getBytes(StandardCharsets.UTF_8), LENGTH);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HMAC-SHA256", e);
    }
  }

  byte[] idBytes() {
    return id.clone();
  }

  Aead aead() {
    return aead;
  }

  @Override
  public String toString() {
    return "MasterKey[" + id() + "]";
  }
}
