package dev.keygate.ratelimit;

import dev.keygate.ratelimit.Verdict.Decision;
import java.util.function.LongSupplier;

/**
 * The buckets of one limit, in this process's memory, in stripes: event loops meet only when they
 * ask for buckets of the same stripe at the same moment, and then for a fraction of a microsecond.
 *
 * <p>When memory for buckets is used up and every bucket still counts, a client without a bucket is
 * refused until one is idle: to let it in uncounted would be to have no limit, and to forget
 * another's count would be to break that one's.
 */
final class LocalLimiter implements Limiter {
  /** A power of two, more than event loops have reason to be. */
  private static final int STRIPES = 64;

  private final Limit limit;
  private final long windowNanos;
  private final LongSupplier nanoTime;
  private final Budget budget;
  private final Stripe[] stripes = new Stripe[STRIPES];

  LocalLimiter(Limit limit, Budget budget, LongSupplier nanoTime) {
    this.limit = limit;
    this.windowNanos = limit.window().toNanos();
    this.nanoTime = nanoTime;
    this.budget = budget;
    for (int at = 0; at < STRIPES; at++) {
      stripes[at] = new Stripe(windowNanos, budget);
    }
  }

  @Override
  public Limit limit() {
    return limit;
  }

  @Override
  public Decision take(BucketKey key, long amount, long capacity) {
    Stripe stripe = stripe(key);
    synchronized (stripe) {
      // Read while the monitor is held: what a bucket has seen is never later than now.
      long now = nanoTime.getAsLong();
      Bucket bucket = stripe.find(key.high(), key.low());
      if (bucket == null) {
        if (amount > capacity) {
          return new Decision(false, capacity, windowNanos, 0, now);
        }
        bucket = stripe.make(key.high(), key.low(), now);
        if (bucket == null) {
          return new Decision(false, 0, stripe.nanosUntilIdle(now), windowNanos, now);
        }
      }
      return take(stripe, bucket, amount, capacity, now);
    }
  }

  private Decision take(Stripe stripe, Bucket bucket, long amount, long capacity, long now) {
    long counted = bucket.total(now, windowNanos);
    long room = capacity - counted;
    if (amount > room) {
      long wait =
          amount > capacity ? windowNanos : bucket.nanosUntil(capacity - amount, now, windowNanos);
      long reset = bucket.nanosUntil(0, now, windowNanos);
      return new Decision(false, Math.max(0, room), wait, reset, now);
    }
    bucket.add(now, amount, Window.stretch(capacity, windowNanos), budget);
    stripe.admitted(bucket);
    return new Decision(true, room - amount, 0, windowNanos, now);
  }

  @Override
  public void settle(BucketKey key, long stamp, long counted, long actual) {
    Stripe stripe = stripe(key);
    synchronized (stripe) {
      long now = nanoTime.getAsLong();
      Bucket bucket = stripe.find(key.high(), key.low());
      if (actual > counted) {
        long coarse = Window.stretch(Limit.LARGEST_CAPACITY, windowNanos);
        bucket = bucket == null ? stripe.make(key.high(), key.low(), now) : bucket;
        if (bucket != null) {
          bucket.total(now, windowNanos);
          bucket.add(now, actual - counted, coarse, budget);
          stripe.admitted(bucket);
        }
      } else if (bucket != null) {
        bucket.total(now, windowNanos);
        bucket.giveBack(stamp, counted - actual, now, windowNanos);
      }
    }
  }

  /** Takes out what is idle, a little at a time so that nobody waits for it. */
  void sweep() {
    for (Stripe stripe : stripes) {
      int evicted;
      do {
        synchronized (stripe) {
          evicted = stripe.evictIdle(nanoTime.getAsLong(), 100);
        }
      } while (evicted == 100);
    }
  }

  /** How many buckets there are. */
  int size() {
    int size = 0;
    for (Stripe stripe : stripes) {
      synchronized (stripe) {
        size += stripe.size();
      }
    }
    return size;
  }

  private Stripe stripe(BucketKey key) {
    return stripes[(int) key.high() & (STRIPES - 1)];
  }
}
