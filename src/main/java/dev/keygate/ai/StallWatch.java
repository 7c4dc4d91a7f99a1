package dev.keygate.ai;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at everything that waits for a provider, at intervals, and lets each decide whether it has
 * waited too long. One timer for an event loop instead of one for each request: entering and
 * leaving cost two pointer writes, and nothing runs while nobody waits. Belongs to one event loop.
 */
final class StallWatch {
  private static final Logger LOG = LoggerFactory.getLogger(StallWatch.class);

  private final Vertx vertx;
  private final LongSupplier nanoTime;
  private final long intervalMillis;
  private final Runnable meanwhile;
  private @Nullable Watched first;
  private boolean ticking;

  /** What a sweep looks at next; moved on when that leaves meanwhile. */
  private @Nullable Watched upcoming;

  /**
   * @param meanwhile what else is done at every look; does not fail
   */
  StallWatch(Vertx vertx, Duration interval, LongSupplier nanoTime, Runnable meanwhile) {
    this.vertx = vertx;
    this.nanoTime = nanoTime;
    this.intervalMillis = Math.max(1, interval.toMillis());
    this.meanwhile = meanwhile;
  }

  /**
   * What waits; a link of the watch's list. To say that something came reads no clock: it counts as
   * having come when the watch looks next.
   */
  abstract static class Watched {
    private @Nullable Watched previous;
    private @Nullable Watched next;
    private boolean isWatched;
    private boolean isActive;
    private long activeAt;

    /** Gives up if it is time to; may leave the watch. */
    abstract void check(long now);

    /** What is waited for came, or is waited for from now on. */
    final void active() {
      isActive = true;
    }

    /** The same, at a moment for which the watch's clock has been read already. */
    final void activeAt(long now) {
      isActive = false;
      activeAt = now;
    }

    /** Nanoseconds since something came; asked at each look while it waits. */
    final long idleNanos(long now) {
      if (isActive) {
        activeAt(now);
      }
      return now - activeAt;
    }
  }

  void enter(Watched watched) {
    watched.isWatched = true;
    watched.next = first;
    if (first != null) {
      first.previous = watched;
    }
    first = watched;
    if (!ticking) {
      ticking = true;
      vertx.setTimer(intervalMillis, this::tick);
    }
  }

  /** Does nothing when it has left already. */
  void leave(Watched watched) {
    if (!watched.isWatched) {
      return;
    }
    watched.isWatched = false;
    Watched before = watched.previous;
    Watched after = watched.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after != null) {
      after.previous = before;
    }
    if (watched.equals(upcoming)) {
      upcoming = after;
    }
    watched.previous = null;
    watched.next = null;
  }

  private void tick(Long timer) {
    try {
      sweep();
      meanwhile.run();
    } finally {
      ticking = first != null;
      if (ticking) {
        vertx.setTimer(intervalMillis, this::tick);
      }
    }
  }

  /** Lets everything that waits decide; what goes wrong with one is not the others' business. */
  void sweep() {
    long now = nanoTime.getAsLong();
    upcoming = first;
    while (upcoming != null) {
      Watched watched = upcoming;
      upcoming = watched.next;
      try {
        watched.check(now);
      } catch (RuntimeException bug) {
        LOG.error("Giving up on a provider failed", bug);
      }
    }
  }
}
