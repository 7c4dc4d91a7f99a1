package dev.keygate.live;

import java.time.Duration;

/**
 * How current this node's view of the store is. A view that could not be renewed for {@code
 * maxKeyAge} decides nothing any more: a deleted key must not live on in a partition, and a valid
 * one must not be told that it is invalid (SPEC.md section 4). A machine that was suspended wakes
 * with an old view, and a wall clock that is set forward costs what comes before the next renewal.
 * Safe for use from any thread.
 */
public final class Freshness {
  private final long maxAgeNanos;
  private final Clocks clocks;
  private volatile Clocks.Moment renewedAt;
  private volatile boolean storeAway;

  Freshness(Duration maxKeyAge, Clocks clocks) {
    this.maxAgeNanos = maxKeyAge.toNanos();
    this.clocks = clocks;
    this.renewedAt = clocks.now();
  }

  /** What to renew the view as of, when the store is read after this. */
  public Clocks.Moment now() {
    return clocks.now();
  }

  /** The view holds everything that was committed before {@code asOf}. */
  public void renewed(Clocks.Moment asOf) {
    renewedAt = asOf;
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
    return clocks.since(renewedAt);
  }
}
