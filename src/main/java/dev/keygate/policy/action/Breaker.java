package dev.keygate.policy.action;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Closed while few requests fail; open for a time when many do; then one request is let through:
 * its success closes the breaker, its failure opens it again. Shared by event loops without locks.
 */
final class Breaker {
  private static final long CLOSED = Long.MIN_VALUE;

  /** How a request was let in. */
  enum Admission {
    FREELY,
    /** To see whether things are well again. */
    ON_TRIAL,
    REFUSED
  }

  private final RollingCounts counts;
  private final double errorThreshold;
  private final int volumeThreshold;
  private final long trippedNanos;

  /** When the next request may try, or {@link #CLOSED}. */
  private final AtomicLong openUntil = new AtomicLong(CLOSED);

  Breaker(RollingCounts counts, double errorThreshold, int volumeThreshold, long trippedNanos) {
    this.counts = counts;
    this.errorThreshold = errorThreshold;
    this.volumeThreshold = volumeThreshold;
    this.trippedNanos = trippedNanos;
  }

  /** Whether a request may go on. Of those that come when the time is over, one may. */
  Admission admit(long now) {
    long until = openUntil.get();
    if (until == CLOSED) {
      return Admission.FREELY;
    }
    boolean first = now - until >= 0 && openUntil.compareAndSet(until, now + trippedNanos);
    return first ? Admission.ON_TRIAL : Admission.REFUSED;
  }

  /** Takes note of how a request ended that went on. */
  void ended(long now, Admission admission, boolean failed) {
    if (admission == Admission.ON_TRIAL && !failed) {
      counts.clear();
      openUntil.set(CLOSED);
      return;
    }
    counts.add(now, failed);
    long total = counts.total(now);
    if (failed && total >= volumeThreshold && counts.failed(now) >= errorThreshold * total) {
      openUntil.compareAndSet(CLOSED, now + trippedNanos);
    }
  }
}
