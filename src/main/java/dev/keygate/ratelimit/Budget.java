package dev.keygate.ratelimit;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Bytes that buckets may take, of one limit or of all. Asked when a bucket is made or grows. */
final class Budget {
  private final long bytes;
  private final AtomicLong left;
  private final @Nullable Budget whole;

  private Budget(long bytes, @Nullable Budget whole) {
    this.bytes = bytes;
    this.left = new AtomicLong(bytes);
    this.whole = whole;
  }

  static Budget of(long bytes) {
    return new Budget(bytes, null);
  }

  /** A part of this budget: what it takes is taken from both. */
  Budget atMost(long bytes) {
    return new Budget(bytes, this);
  }

  /** Takes the bytes, or nothing when there are not as many. */
  boolean take(long bytes) {
    if (left.addAndGet(-bytes) < 0) {
      left.addAndGet(bytes);
      return false;
    }
    if (whole != null && !whole.take(bytes)) {
      left.addAndGet(bytes);
      return false;
    }
    return true;
  }

  void giveBack(long bytes) {
    left.addAndGet(bytes);
    if (whole != null) {
      whole.giveBack(bytes);
    }
  }

  /** Gives back everything that was taken of this part; nothing may be taken of it afterwards. */
  void close() {
    long taken = bytes - left.getAndSet(0);
    if (whole != null) {
      whole.giveBack(taken);
    }
  }

  long left() {
    return left.get();
  }
}
