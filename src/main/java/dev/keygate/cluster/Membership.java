package dev.keygate.cluster;

import dev.keygate.store.Store;
import dev.keygate.store.StoreException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
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
 * A node joins before it reads anything, so that no change falls between.
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
  private final Duration lease;
  private final LongSupplier nanoTime;
  private final CountDownLatch leaving = new CountDownLatch(1);
  private long told = NOTHING; // under this
  private long toldAt; // under this
  private volatile int alive = 1;

  /**
   * @param self names this process among those that share the database
   * @param maxKeyAge how old a view of the store nodes decide by; the same on all of them
   */
  public Membership(Store store, String self, Duration maxKeyAge, LongSupplier nanoTime) {
    this.store = store;
    this.self = self;
    this.lease = maxKeyAge.plus(MARGIN);
    this.nanoTime = nanoTime;
  }

  /** Has the others wait for this node; to be called before it reads anything. */
  public void join() {
    int forgotten =
        store.write(tables -> {
          tables.nodes().beat(self, NOTHING);
          return tables.nodes().removeUnseen(lease.multipliedBy(2));
        });
    if (forgotten > 0) {
      LOG.info("forgot {} nodes that were gone without a word", forgotten);
    }
  }

  /**
   * Tells the others how far this node is, when that is news or they have not heard of it for a
   * second.
   *
   * @throws StoreException when they could not be told
   */
  public synchronized void applied(long sequence) {
    long now = nanoTime.getAsLong();
    if (sequence == told && now - toldAt < BETWEEN_BEATS.toNanos()) {
      return;
    }
    alive =
        store.write(tables -> {
          tables.nodes().beat(self, sequence);
          return Math.max(1, tables.nodes().alive(lease));
        });
    told = sequence;
    toldAt = now;
  }

  /**
   * Returns when every node has applied the changes up to this one. Takes as long as a node that
   * died without a word could still serve, {@code maxKeyAge} and 2 s, and no longer.
   */
  public void awaitAll(long sequence) {
    long end = nanoTime.getAsLong() + lease.toNanos();
    boolean isOver = false;
    while (!isOver && isAnyBehind(sequence)) {
      isOver = end - nanoTime.getAsLong() <= 0 || isLeavingAfterPause();
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
