package dev.keygate.key;

import java.nio.ByteBuffer;

/** SHA-256 of a token, in four words so that a million of them cost no array each. */
public record TokenHash(long a, long b, long c, long d) {

  /**
   * The hash in {@code sha256}.
   *
   * @throws IllegalArgumentException unless it is 32 bytes
   */
  public static TokenHash of(byte[] sha256) {
    if (sha256.length != 32) {
      throw new IllegalArgumentException(sha256.length + " bytes, expected 32");
    }
    ByteBuffer words = ByteBuffer.wrap(sha256);
    return new TokenHash(words.getLong(), words.getLong(), words.getLong(), words.getLong());
  }

  public byte[] toBytes() {
    return ByteBuffer.allocate(32).putLong(a).putLong(b).putLong(c).putLong(d).array();
  }

  /** Equality whose time does not tell where the two differ. */
  public boolean matches(TokenHash other) {
    return ((a ^ other.a) | (b ^ other.b) | (c ^ other.c) | (d ^ other.d)) == 0;
  }

  @Override
  public String toString() {
    return "TokenHash";
  }
}
