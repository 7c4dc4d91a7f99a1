package dev.keygate.ratelimit;

/**
 * What one bucket admitted in the last while.
 *
 * <p>A list of runs, oldest first: each the amount admitted in a stretch of time and the moment of
 * its last admission. A run is forgotten when that moment is a whole window ago, which is never
 * before any of its admissions has left the window; so the sum of the runs is never less than what
 * the window really holds, and what it admits never exceeds the capacity in any window.
 *
 * <p>A stretch is one nanosecond as long as the capacity is at most {@link #MOST_RUNS}: the list is
 * then a log, and frees each admission's place exactly when it leaves the window. Larger capacities
 * have stretches of a {@link #MOST_RUNS}th of the window: a place may be freed that much late,
 * never early. When the list may not grow, admissions join its last run: later still, and never
 * early.
 *
 * <p>The newest run stands in fields of its own, so that a bucket that was used once has no list.
 * Windows are half-open: what was admitted a whole window ago does not count any more.
 *
 * <p>Not thread-safe: guarded by the lock of its {@link Stripe}. Times are {@link System#nanoTime}.
 */
class Window {
  static final int MOST_RUNS = 64;
  private static final int FIRST_ROOM = 4;
  private static final int GROWTH = 4;

  /** Amount and time of the older runs in turn, as a ring; empty until there are two runs. */
  private long[] older = EMPTY;

  private static final long[] EMPTY = {};

  private int head;
  private int size;
  private long newestTime;
  private long newestAmount;
  private long total;

  /** How long a stretch of time is that becomes one run, in nanoseconds. */
  static long stretch(long capacity, long windowNanos) {
    return capacity <= MOST_RUNS ? 1 : Math.ceilDiv(windowNanos, MOST_RUNS);
  }

  /** Forgets what has left the window, and gives what is left in it. */
  final long total(long now, long windowNanos) {
    while (size > 0 && now - older[2 * head + 1] >= windowNanos) {
      total -= older[2 * head];
      head = (head + 1) % room();
      size--;
    }
    if (size == 0 && now - newestTime >= windowNanos) {
      total = 0;
      newestAmount = 0;
    }
    return total;
  }

  /** Counts an amount, after {@link #total} was asked for the same moment. */
  final void add(long now, long amount, long stretch, Budget budget) {
    boolean joins =
        newestAmount > 0 && Math.floorDiv(now, stretch) == Math.floorDiv(newestTime, stretch);
    if (!joins && newestAmount > 0 && hasRoom(budget)) {
      int at = 2 * ((head + size) % room());
      older[at] = newestAmount;
      older[at + 1] = newestTime;
      size++;
      newestAmount = 0;
    }
    newestTime = now;
    newestAmount += amount;
    total += amount;
  }

  /**
   * Gives an amount back to the run that holds it, after {@link #total} was asked for the same
   * moment. Without effect when it was admitted a whole window ago.
   *
   * @param stamp when it was admitted
   */
  final void giveBack(long stamp, long amount, long now, long windowNanos) {
    if (now - stamp >= windowNanos) {
      return; // the run that held it may be gone, and the next is not its own
    }
    for (int run = 0; run < size; run++) {
      int at = 2 * ((head + run) % room());
      if (stamp - older[at + 1] <= 0) {
        long given = Math.min(amount, older[at]);
        older[at] -= given;
        total -= given;
        return;
      }
    }
    long given = Math.min(amount, newestAmount);
    newestAmount -= given;
    total -= given;
  }

  /** How long until no more than {@code allowed} is left in the window; 0 when that is so now. */
  final long nanosUntil(long allowed, long now, long windowNanos) {
    long left = total;
    for (int run = 0; run < size && left > allowed; run++) {
      int at = 2 * ((head + run) % room());
      left -= older[at];
      if (left <= allowed) {
        return older[at + 1] + windowNanos - now;
      }
    }
    return left > allowed ? newestTime + windowNanos - now : 0;
  }

  /** The moment of the last admission; without meaning before the first. */
  final long newestTime() {
    return newestTime;
  }

  /** Bytes that the list takes. */
  final int listBytes() {
    return 8 * older.length;
  }

  private int room() {
    return older.length / 2;
  }

  /** Whether one more run fits, if need be after growing. */
  private boolean hasRoom(Budget budget) {
    if (size < room()) {
      return true;
    }
    int wanted = room() == 0 ? FIRST_ROOM : Math.min(MOST_RUNS, room() * GROWTH);
    if (wanted == room() || !budget.take(16L * (wanted - room()))) {
      return false;
    }
    long[] grown = new long[2 * wanted];
    for (int run = 0; run < size; run++) {
      int at = 2 * ((head + run) % room());
      grown[2 * run] = older[at];
      grown[2 * run + 1] = older[at + 1];
    }
    older = grown;
    head = 0;
    return true;
  }
}
