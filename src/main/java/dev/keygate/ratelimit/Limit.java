package dev.keygate.ratelimit;

import java.time.Duration;

/**
 * A kind of bucket.
 *
 * @param name which limit it is; limits of the same name and window share their buckets
 * @param window in any of which a bucket admits no more than its capacity; at most {@link #LONGEST}
 */
public record Limit(String name, Duration window) {
  /** The largest capacity, in requests or tokens. */
  public static final long LARGEST_CAPACITY = 2_000_000_000;

  public static final Duration LONGEST = Duration.ofDays(1);

  public Limit {
    if (!window.isPositive() || window.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("window " + window + ": expected up to " + LONGEST);
    }
  }
}
