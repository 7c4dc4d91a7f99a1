package dev.keygate.cluster;

import dev.keygate.live.Clocks;
import dev.keygate.store.Store;
import dev.keygate.store.StoreException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node among those that share a database. A change is answered for when every node has it, so
 * that a deleted key is accepted by none from then on (SPEC.md section 1, promise 4).
 *
 * <p>Each node writes down how far it has read the changes, each time it has read them; a view that
 * it could not write down does not count as renewed. Whoever makes a change waits until all nodes
 * have written down at least its number, or have been silent for the lease: a node decides by a
 * view of at most {@code maxKeyAge}, so one that was silent for longer refuses every key by itself.
 * A node joins before it reads anything, so that no change falls between; what it reads before it
 * ends such a silence does not count either.
 *
 * <p>Blocking: for virtual threads.
 */
public final class Membership implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

  private static final Duration BETWEEN_BEATS = Duration.ofSeconds(1);

  /** A view may be renewed one beat after the last; and clocks differ in what a lease lasts. */
  private static final Duration MARGIN = BETWEEN_BEATS.plusSeconds(1);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);
  private static final long NOTHING = -1;

  private final Store store;
  private final String self;
  private final Duration maxKeyAge;
  private final Duration lease;
  private final Clocks clocks;
  private final CountDownLatch leaving = new CountDownLatch(1);
  private long told = NOTHING; // under this
  private Clocks.Moment toldAt; // under this
  private volatile int alive = 1;

  /**
   * @param self names this process among those that share the database
   * @param maxKeyAge how old a view of the store nodes decide by; the same on all of them
   */
  public Membership(Store store, String self, Duration maxKeyAge, Clocks clocks) {
    this.store = store;
    this.self = self;
    this.maxKeyAge = maxKeyAge;
    this.lease = maxKeyAge.plus(MARGIN);
    this.clocks = clocks;
    this.toldAt = clocks.now();
  }

  /** Has the others wait for this node; to be called before it reads anything. */
  public synchronized void join() {
    Clocks.Moment now = clocks.now();
    int forgotten =
        store.write(tables -> {
          tables.nodes().beat(self, NOTHING);
          return tables.nodes().removeUnseen(lease.multipliedBy(2));
        });
    toldAt = now;
    if (forgotten > 0) {
      LOG.info("forgot {} nodes that were gone without a word", forgotten);
    }
  }

  /**
   * Tells the others how far this node is, when that is news or they have not heard of it for a
   * second.
   *
   * @return whether they have waited for this node until now; what it read while they did not may
   *     lack changes that were answered for
   * @throws StoreException when they could not be told
   */
  public synchronized boolean applied(long sequence) {
    Clocks.Moment now = clocks.now();
    if (sequence == told && clocks.since(toldAt) < BETWEEN_BEATS.toNanos()) {
      return true;
    }
    alive =
        store.write(tables -> {
          tables.nodes().beat(self, sequence);
          return Math.max(1, tables.nodes().alive(lease));
        });
    // After the write: until then nobody knows that this node is there again.
    boolean isWaitedFor = clocks.since(toldAt) <= maxKeyAge.toNanos();
    told = sequence;
    toldAt = now;
    return isWaitedFor;
  }

  /**
   * Returns when every node has applied the changes up to this one. Takes as long as a node that
   * died without a word could still serve, {@code maxKeyAge} and 2 s, and no longer.
   */
  public void awaitAll(long sequence) {
    // By the monotonic clock alone: one that is set forward must not end the wait.
    long end = clocks.nanoTime().getAsLong() + lease.toNanos();
    boolean isOver = false;
    while (!isOver && isAnyBehind(sequence)) {
      isOver = end - clocks.nanoTime().getAsLong() <= 0 || isLeavingAfterPause();
    }
  }

  /** How many nodes were there when this one last told the others of itself, itself included. */
  public int alive() {
    return alive;
  }

  /** The others need not wait for this node any more: it serves nothing. */
  @Override
  public void close() {
    leaving.countDown();
    try {
      store.write(tables -> tables.nodes().remove(self));
    } catch (StoreException e) {
      LOG.info("could not take leave of the other nodes: {}", e.getMessage());
    }
  }

  private boolean isAnyBehind(long sequence) {
    try {
      return store.read(tables -> tables.nodes().isAnyBehind(self, sequence, lease));
    } catch (StoreException e) {
      return true; // nobody can tell; in the end all have been silent for too long
    }
  }

  private boolean isLeavingAfterPause() {
    try {
      return leaving.await(BETWEEN_LOOKS.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted while other nodes apply the change", e);
    }
  }
}
