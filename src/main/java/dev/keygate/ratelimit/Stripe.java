package dev.keygate.ratelimit;

import org.jspecify.annotations.Nullable;

/**
 * A part of a limit's buckets: a hash table whose buckets are also linked in the order of their
 * last admission. All have the same window, so the first in that order is the first to be idle, and
 * when it still counts all others do.
 *
 * <p>Not thread-safe: {@link LocalLimiter} holds the stripe's monitor, for a fraction of a
 * microsecond.
 */
final class Stripe {
  private static final int FIRST_PLACES = 16;

  private final long windowNanos;
  private final Budget budget;
  private @Nullable Bucket[] places = new @Nullable Bucket[FIRST_PLACES];
  private int size;
  private @Nullable Bucket oldest;
  private @Nullable Bucket newest;

  Stripe(long windowNanos, Budget budget) {
    this.windowNanos = windowNanos;
    this.budget = budget;
  }

  int size() {
    return size;
  }

  @Nullable Bucket find(long high, long low) {
    Bucket bucket = places[place(low)];
    while (bucket != null && (bucket.low != low || bucket.high != high)) {
      bucket = bucket.chained;
    }
    return bucket;
  }

  /**
   * Makes a bucket. Buckets that are idle make room for it; those that count never do.
   *
   * @return the bucket, or null when there is no room
   */
  @Nullable Bucket make(long high, long low, long now) {
    // Two for one, so that what an attack left behind does not stay.
    evictIdle(now, 2);
    if (!budget.take(Bucket.BYTES)) {
      return null;
    }
    if (size >= places.length) {
      grow();
    }
    Bucket bucket = new Bucket(high, low);
    insert(bucket);
    link(bucket);
    size++;
    return bucket;
  }

  /** Says that a bucket has just admitted something. */
  void admitted(Bucket bucket) {
    if (bucket != newest) {
      unlink(bucket);
      link(bucket);
    }
  }

  /** How long until the first bucket is idle; 0 when there is none. */
  long nanosUntilIdle(long now) {
    return oldest == null ? 0 : Math.max(0, oldest.newestTime() + windowNanos - now);
  }

  /**
   * Takes out buckets that have been idle longest.
   *
   * @return how many, up to {@code most}
   */
  int evictIdle(long now, int most) {
    int evicted = 0;
    while (evicted < most && oldest != null && now - oldest.newestTime() >= windowNanos) {
      remove(oldest);
      evicted++;
    }
    return evicted;
  }

  private void remove(Bucket bucket) {
    unlink(bucket);
    int place = place(bucket.low);
    Bucket before = places[place];
    if (before == bucket) {
      places[place] = bucket.chained;
    }
    while (before != null && before != bucket) {
      if (before.chained == bucket) {
        before.chained = bucket.chained;
      }
      before = before.chained;
    }
    size--;
    budget.giveBack(Bucket.BYTES + bucket.listBytes());
  }

  private int place(long low) {
    return (int) low & (places.length - 1);
  }

  private void insert(Bucket bucket) {
    int place = place(bucket.low);
    bucket.chained = places[place];
    places[place] = bucket;
  }

  private void grow() {
    places = new @Nullable Bucket[2 * places.length];
    for (Bucket bucket = oldest; bucket != null; bucket = bucket.newer) {
      insert(bucket);
    }
  }

  private void link(Bucket bucket) {
    bucket.older = newest;
    bucket.newer = null;
    if (newest == null) {
      oldest = bucket;
    } else {
      newest.newer = bucket;
    }
    newest = bucket;
  }

  private void unlink(Bucket bucket) {
    if (bucket.older == null) {
      oldest = bucket.newer;
    } else {
      bucket.older.newer = bucket.newer;
    }
    if (bucket.newer == null) {
      newest = bucket.older;
    } else {
      bucket.newer.older = bucket.older;
    }
  }
}
