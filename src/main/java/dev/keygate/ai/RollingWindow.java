package dev.keygate.ai;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What the attempts of the last minutes came to: counts by kind of ending, and times as sums and
 * histograms. Any event loop adds to it without a lock.
 *
 * <p>Time is cut into slots of a minute. A slot belongs to one minute at a time; the first to add
 * in a new minute empties the slot that was used longest ago. What another loop adds in that very
 * moment may be lost: these are statistics, not accounts.
 */
@SuppressWarnings("EnumOrdinal") // places in memory: no number outlives the process
final class RollingWindow {
  /** How an attempt counts. */
  enum Ending {
    SUCCESS,
    TIMEOUT,
    RATE_LIMIT,
    CLIENT,
    SERVER
  }

  /** What is timed. */
  enum Timed {
    GATEWAY,
    UPSTREAM,
    FIRST_TOKEN
  }

  static final int SLOTS = 5;
  static final long SLOT_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final Ending[] ENDINGS = Ending.values();
  private static final Timed[] TIMED = Timed.values();

  /** Upper bounds grow by a quarter from 1 ms to about 10 minutes; the last takes the rest. */
  private static final int BUCKETS = 60;

  /** For each timed thing: count, sum, buckets. */
  private static final int TIMES = 2 + BUCKETS;

  private static final int WIDTH = ENDINGS.length + TIMED.length * TIMES;
  private static final long[] BOUNDS = bounds();

  private final AtomicLongArray minutes = new AtomicLongArray(SLOTS);
  private final AtomicLongArray cells = new AtomicLongArray(SLOTS * WIDTH);

  RollingWindow() {
    for (int slot = 0; slot < SLOTS; slot++) {
      minutes.set(slot, Long.MIN_VALUE);
    }
  }

  /** Counts an ending. */
  void count(Ending ending, long now) {
    cells.incrementAndGet(slot(now) * WIDTH + ending.ordinal());
  }

  /** Adds a time. */
  void time(Timed what, long nanos, long now) {
    long millis = Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos));
    int at = slot(now) * WIDTH + ENDINGS.length + what.ordinal() * TIMES;
    cells.incrementAndGet(at);
    cells.addAndGet(at + 1, millis);
    cells.incrementAndGet(at + 2 + bucket(millis));
  }

  /** Whether nothing was added within the window. */
  boolean isIdle(long now) {
    long minute = Math.floorDiv(now, SLOT_NANOS);
    for (int slot = 0; slot < SLOTS; slot++) {
      if (isRecent(minutes.get(slot), minute)) {
        return false;
      }
    }
    return true;
  }

  /** The window as it is now. */
  Snapshot snapshot(long now) {
    long[] sums = new long[WIDTH];
    long minute = Math.floorDiv(now, SLOT_NANOS);
    for (int slot = 0; slot < SLOTS; slot++) {
      if (isRecent(minutes.get(slot), minute)) {
        for (int cell = 0; cell < WIDTH; cell++) {
          sums[cell] += cells.get(slot * WIDTH + cell);
        }
      }
    }
    return new Snapshot(sums);
  }

  /** The sums of a window at one moment. */
  static final class Snapshot {
    static final Snapshot EMPTY = new Snapshot(new long[WIDTH]);

    private final long[] cells;

    private Snapshot(long[] cells) {
      this.cells = cells;
    }

    long requests() {
      long requests = 0;
      for (Ending ending : ENDINGS) {
        requests += cells[ending.ordinal()];
      }
      return requests;
    }

    /** The share of attempts that ended so, from 0 to 1. */
    double share(Ending ending) {
      long requests = requests();
      return requests == 0 ? 0 : (double) cells[ending.ordinal()] / requests;
    }

    /** The share of attempts that failed, from 0 to 1. */
    double errors() {
      return requests() == 0 ? 0 : 1 - share(Ending.SUCCESS);
    }

    boolean has(Timed what) {
      return cells[offset(what)] > 0;
    }

    /** In milliseconds; 0 without any. */
    long average(Timed what) {
      int at = offset(what);
      return cells[at] == 0 ? 0 : cells[at + 1] / cells[at];
    }

    /** What 95 of 100 took at most, in milliseconds, within a quarter; 0 without any. */
    long p95(Timed what) {
      int at = offset(what);
      long rank = (cells[at] * 95 + 99) / 100;
      for (int bucket = 0; bucket < BUCKETS && rank > 0; bucket++) {
        rank -= cells[at + 2 + bucket];
        if (rank <= 0) {
          return BOUNDS[bucket];
        }
      }
      return 0;
    }

    private static int offset(Timed what) {
      return ENDINGS.length + what.ordinal() * TIMES;
    }
  }

  private static boolean isRecent(long minute, long now) {
    return minute != Long.MIN_VALUE && now - minute >= 0 && now - minute < SLOTS;
  }

  /** The slot of this minute, emptied if it was another's. */
  private int slot(long now) {
    long minute = Math.floorDiv(now, SLOT_NANOS);
    int slot = (int) Math.floorMod(minute, (long) SLOTS);
    long before = minutes.get(slot);
    if (before != minute && minutes.compareAndSet(slot, before, minute)) {
      for (int cell = 0; cell < WIDTH; cell++) {
        cells.set(slot * WIDTH + cell, 0);
      }
    }
    return slot;
  }

  private static int bucket(long millis) {
    int low = 0;
    int high = BUCKETS - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (millis <= BOUNDS[middle]) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static long[] bounds() {
    long[] bounds = new long[BUCKETS];
    double bound = 1;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      bounds[bucket] = (long) Math.ceil(bound);
      bound *= 1.25;
    }
    return bounds;
  }
}
