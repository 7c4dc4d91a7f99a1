package dev.keygate.ratelimit;

import java.time.Duration;

/**
 * How much a bucket lets through.
 *
 * @param name which limit it is; limits of the same name and figures share their buckets
 * @param capacity most that is admitted in any window
 * @param window length of the window, at most {@link #LONGEST}
 */
public record Limit(String name, long capacity, Duration window) {
  /** The largest capacity, in requests or tokens. */
  public static final long LARGEST = 2_000_000_000;

  public static final Duration LONGEST = Duration.ofDays(1);

  public Limit {
    if (capacity < 1 || capacity > LARGEST) {
      throw new IllegalArgumentException("capacity " + capacity + ": expected 1 to " + LARGEST);
    }
    if (!window.isPositive() || window.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("window " + window + ": expected up to " + LONGEST);
    }
  }
}
