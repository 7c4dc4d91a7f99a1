package dev.keygate.ratelimit;

import java.util.function.LongSupplier;

/** A clock that a test moves. */
final class Manual implements LongSupplier {
  static final long SECOND = 1_000_000_000L;

  private long nanos;

  Manual(long start) {
    nanos = start;
  }

  void advance(long by) {
    nanos += by;
  }

  @Override
  public long getAsLong() {
    return nanos;
  }
}
