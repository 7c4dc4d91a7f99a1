package dev.keygate.gateway;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits that all last equally long, in the order in which they began: to begin or end one costs a
 * few assignments, and only the oldest is ever looked at. An exact timer for each request would
 * cost more than the key check. One for each event loop and length; not for use from other threads.
 */
final class Deadlines {
  private final long nanos;
  private final LongSupplier nanoTime;
  private @Nullable Deadline first;
  private @Nullable Deadline last;

  /** One wait. It is in at most one list, at most once. */
  abstract static class Deadline {
    private @Nullable Deadlines owner;
    private @Nullable Deadline previous;
    private @Nullable Deadline next;
    private long at;

    /** The wait was too long. It is over, and may be begun again. */
    abstract void expired();

    final void stop() {
      if (owner != null) {
        owner.remove(this);
      }
    }

    final boolean isRunning() {
      return owner != null;
    }
  }

  /**
   * @param nanos how long each wait may last
   */
  Deadlines(long nanos, LongSupplier nanoTime) {
    this.nanos = nanos;
    this.nanoTime = nanoTime;
  }

  /** Begins a wait anew. */
  void start(Deadline deadline) {
    startAt(nanoTime.getAsLong(), deadline);
  }

  /**
   * Begins a wait anew, as of a moment for which the clock has been read already.
   *
   * @param began by this clock and not long ago: one that began before the last of those that wait
   *     may be ended as late as that one
   */
  void startAt(long began, Deadline deadline) {
    deadline.stop();
    deadline.owner = this;
    deadline.at = began + nanos;
    deadline.previous = last;
    if (last == null) {
      first = deadline;
    } else {
      last.next = deadline;
    }
    last = deadline;
  }

  /** Ends every wait that has lasted too long. To be called from time to time. */
  void expire() {
    long now = nanoTime.getAsLong();
    for (Deadline oldest = first; oldest != null && oldest.at - now <= 0; oldest = first) {
      remove(oldest);
      oldest.expired();
    }
  }

  private void remove(Deadline deadline) {
    Deadline before = deadline.previous;
    Deadline after = deadline.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    deadline.previous = null;
    deadline.next = null;
    deadline.owner = null;
  }
}
