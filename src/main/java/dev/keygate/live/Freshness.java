package dev.keygate.live;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How current this node's view of the store is. A view that could not be renewed for {@code
 * maxKeyAge} decides nothing any more: a deleted key must not live on in a partition, and a valid
 * one must not be told that it is invalid (SPEC.md section 4). Safe for use from any thread.
 */
public final class Freshness {
  private final long maxAgeNanos;
  private final LongSupplier nanoTime;
  private volatile long renewedAt;
  private volatile boolean storeAway;

  public Freshness(Duration maxKeyAge) {
    this(maxKeyAge, System::nanoTime);
  }

  Freshness(Duration maxKeyAge, LongSupplier nanoTime) {
    this.maxAgeNanos = maxKeyAge.toNanos();
    this.nanoTime = nanoTime;
    this.renewedAt = nanoTime.getAsLong();
  }

  /** The view holds everything that was committed before {@code asOfNanos}. */
  public void renewed(long asOfNanos) {
    renewedAt = asOfNanos;
    storeAway = false;
  }

  /** The store did not answer. */
  public void storeAway() {
    storeAway = true;
  }

  /** Whether the last attempt to renew the view failed. */
  public boolean isStoreAway() {
    return storeAway;
  }

  /**
   * Whether the view is too old to decide anything by, whatever the reason: a store that keeps a
   * reader waiting fails as surely as one that says so.
   */
  public boolean isExpired() {
    return age() > maxAgeNanos;
  }

  /** Nanoseconds since the view was known to be complete. */
  public long age() {
    return nanoTime.getAsLong() - renewedAt;
  }
}
