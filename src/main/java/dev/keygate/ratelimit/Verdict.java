package dev.keygate.ratelimit;

import io.vertx.core.Future;

/** What a limiter says about a request: at once, or when the node that counts has answered. */
public sealed interface Verdict {

  /**
   * The decision.
   *
   * @param remaining what the bucket would still admit now
   * @param waitNanos when refused: how long until the same would be admitted if nothing else is; 0
   *     when admitted
   * @param resetNanos how long until the bucket is empty if nothing else is admitted
   * @param stamp where in time the limiter counted it, for {@link Limiter#settle}
   */
  record Decision(boolean admitted, long remaining, long waitNanos, long resetNanos, long stamp)
      implements Verdict {

    /** What to say in {@code Retry-After}: whole seconds, rounded up, at least one. */
    public int retryAfterSeconds() {
      return (int) Math.max(1, seconds(waitNanos));
    }

    /** Seconds until the bucket is empty, rounded up. */
    public long resetSeconds() {
      return seconds(resetNanos);
    }

    private static long seconds(long nanos) {
      return Math.ceilDiv(nanos, 1_000_000_000L);
    }
  }

  /** Not known yet; the future never fails: what stands in for an absent counter decides. */
  record Pending(Future<Decision> decision) implements Verdict {}
}
