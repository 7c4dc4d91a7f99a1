package dev.keygate.ratelimit;

/** The buckets of one limit. Safe for use from every event loop; never blocks for I/O. */
public interface Limiter {

  Limit limit();

  /**
   * Asks to let something through a bucket, and counts it when it is admitted.
   *
   * @param amount how much of the capacity it takes, at least 1; one that exceeds the capacity is
   *     never admitted
   * @param capacity most that the bucket admits in any window. When it is another than the last
   *     time, what was admitted before counts against it
   */
  Verdict take(BucketKey bucket, long amount, long capacity);

  /**
   * Corrects what was counted for something admitted, once its real amount is known. Giving back
   * makes room at once; what is counted in addition may exceed the capacity, and holds back what
   * comes next.
   *
   * @param stamp of the {@link Verdict.Decision} that admitted it
   * @param counted what counts for it now
   * @param actual what shall count for it
   */
  void settle(BucketKey bucket, long stamp, long counted, long actual);
}
