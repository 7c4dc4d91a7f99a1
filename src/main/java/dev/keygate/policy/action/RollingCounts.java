package dev.keygate.policy.action;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many requests ended and failed in the last while, in parts of which the oldest falls away.
 *
 * <p>Each part is one long: the number of its period in the upper 32 bits and a count in the lower,
 * so that a part of an old period is taken over and counted on in one compare-and-set.
 */
final class RollingCounts {
  static final int PARTS = 10;

  private final long partNanos;
  private final AtomicLongArray ended = new AtomicLongArray(PARTS);
  private final AtomicLongArray failures = new AtomicLongArray(PARTS);

  RollingCounts(Duration window) {
    this.partNanos = window.toNanos() / PARTS;
  }

  void add(long now, boolean failed) {
    increment(ended, now);
    if (failed) {
      increment(failures, now);
    }
  }

  long total(long now) {
    return sum(ended, now);
  }

  long failed(long now) {
    return sum(failures, now);
  }

  void clear() {
    for (int part = 0; part < PARTS; part++) {
      ended.set(part, 0);
      failures.set(part, 0);
    }
  }

  private void increment(AtomicLongArray counts, long now) {
    int period = period(now);
    int part = Math.floorMod(period, PARTS);
    counts.updateAndGet(
        part, value -> (int) (value >>> 32) == period ? value + 1 : ((long) period << 32) | 1);
  }

  private long sum(AtomicLongArray counts, long now) {
    int period = period(now);
    long sum = 0;
    for (int part = 0; part < PARTS; part++) {
      long value = counts.get(part);
      int age = period - (int) (value >>> 32);
      if (age >= 0 && age < PARTS) {
        sum += value & 0xffff_ffffL;
      }
    }
    return sum;
  }

  private int period(long now) {
    return (int) Math.floorDiv(now, partNanos);
  }
}
