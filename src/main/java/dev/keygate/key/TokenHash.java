package dev.keygate.key;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** SHA-256 of a token, in four words so that a million of them cost no array each. */
public record TokenHash(long a, long b, long c, long d) {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /**
   * The hash in {@code sha256}.
   *
   * @throws IllegalArgumentException unless it is 32 bytes
   */
  public static TokenHash of(byte[] sha256) {
    if (sha256.length != 32) {
      throw new IllegalArgumentException(sha256.length + " bytes, expected 32");
    }
    return new TokenHash(
        (long) WORDS.get(sha256, 0),
        (long) WORDS.get(sha256, 8),
        (long) WORDS.get(sha256, 16),
        (long) WORDS.get(sha256, 24));
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
