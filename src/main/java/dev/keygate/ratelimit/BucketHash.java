package dev.keygate.ratelimit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, 2012): a keyed hash that those who
 * do not know the key can neither invert by trying nor steer into collisions.
 *
 * <p>Fed with texts and numbers, of which each is set off from the next, so that {@code ("a",
 * "bc")} and {@code ("ab", "c")} name two buckets. Immutable; {@link #start} gives the state of one
 * hash.
 */
public final class BucketHash {
  private static final int KEY_BYTES = 16;

  private final long key0;
  private final long key1;

  /**
   * @param key 16 bytes; nodes that count together have the same
   */
  public BucketHash(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(key.length + " bytes, expected " + KEY_BYTES);
    }
    ByteBuffer words = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
    this.key0 = words.getLong();
    this.key1 = words.getLong();
  }

  /** A hash that only this process computes. */
  public static BucketHash random(SecureRandom random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return new BucketHash(key);
  }

  public Running start() {
    return new Running(key0, key1);
  }

  /** The key of a bucket that is named by one text. */
  public BucketKey of(String text) {
    return start().text(text).finish();
  }

  /** One hash under way. Confined to a thread; of no use after {@link #finish}. */
  public static final class Running {
    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private long words;

    private Running(long key0, long key1) {
      v0 = key0 ^ 0x736f6d6570736575L;
      v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
      v2 = key0 ^ 0x6c7967656e657261L;
      v3 = key1 ^ 0x7465646279746573L;
    }

    /** Adds a text: its length and then its characters, four to a word. */
    public Running text(String text) {
      int length = text.length();
      word(length);
      int at = 0;
      for (; at + 4 <= length; at += 4) {
        word(
            text.charAt(at)
                | (long) text.charAt(at + 1) << 16
                | (long) text.charAt(at + 2) << 32
                | (long) text.charAt(at + 3) << 48);
      }
      if (at < length) {
        long last = 0;
        for (int shift = 0; at < length; at++, shift += 16) {
          last |= (long) text.charAt(at) << shift;
        }
        word(last);
      }
      return this;
    }

    /** Adds eight bytes, the least significant first. */
    public Running word(long word) {
      words++;
      v3 ^= word;
      round();
      round();
      v0 ^= word;
      return this;
    }

    public BucketKey finish() {
      word(words << 59); // the length in bytes, modulo 256, in the topmost byte
      v2 ^= 0xee;
      fourRounds();
      long low = v0 ^ v1 ^ v2 ^ v3;
      v1 ^= 0xdd;
      fourRounds();
      return new BucketKey(v0 ^ v1 ^ v2 ^ v3, low);
    }

    private void fourRounds() {
      round();
      round();
      round();
      round();
    }

    private void round() {
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
    }
  }
}
