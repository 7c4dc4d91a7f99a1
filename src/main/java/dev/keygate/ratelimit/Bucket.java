package dev.keygate.ratelimit;

import org.jspecify.annotations.Nullable;

/** A window with a name, as a {@link Stripe} keeps it. Guarded by the stripe's lock. */
final class Bucket extends Window {
  /** Bytes that a bucket and its place in the table take, without its list: 88 and 4 to 8. */
  static final int BYTES = 96;

  final long high;
  final long low;

  /** The next bucket in the same place of the table. */
  @Nullable Bucket chained;

  /** Neighbours in the order of the last admission. */
  @Nullable Bucket older;

  @Nullable Bucket newer;

  Bucket(long high, long low) {
    this.high = high;
    this.low = low;
  }
}
