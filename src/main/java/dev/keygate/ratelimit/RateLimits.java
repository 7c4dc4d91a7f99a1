package dev.keygate.ratelimit;

import java.security.SecureRandom;
import java.util.function.LongSupplier;

/**
 * Where rate limits are counted, and the hash that names their buckets there.
 *
 * @param hash keyed alike on all nodes that count together
 */
public record RateLimits(Limits limits, BucketHash hash) {

  /**
   * Counted in this process, under names that no other process knows.
   *
   * @param bytes memory for all buckets together
   * @param nanoTime as {@link System#nanoTime}
   */
  public static RateLimits local(long bytes, LongSupplier nanoTime) {
    return new RateLimits(new LocalLimits(bytes, nanoTime), BucketHash.random(new SecureRandom()));
  }
}
