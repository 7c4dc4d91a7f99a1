package dev.keygate.server;

import dev.keygate.identifier.Identifiers;
import dev.keygate.store.RequestBatchRow;
import dev.keygate.store.Store;
import dev.keygate.store.StoreException;
import dev.keygate.store.UsageTable.Span;
import dev.keygate.usage.Journal;
import dev.keygate.usage.RecordPacker;
import dev.keygate.usage.RequestRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the journal to the store: requests in batches, and their sums. Batches, sums and the places
 * in the journal are one transaction, so that nothing is missing or counted twice whenever the
 * process is killed. Where requests have many sums, of many keys, these are written every few
 * seconds, since most of them then fall together.
 *
 * <p>Where they share a core with an event loop, requests should not wait for these threads:
 * reading, which is most of the work, is done while nothing else wants the core, in steps of less
 * than a millisecond; writing, for which the store's other writers wait, behind everything else but
 * never without a share of it. A third thread is scheduled as all others are, and helps both where
 * a core is never free. Blocking; they take turns.
 */
final class UsageWriter {
  private static final Logger LOG = LoggerFactory.getLogger(UsageWriter.class);

  /**
   * Most requests of a batch: as many as are unpacked to read one of them, in a few milliseconds,
   * and as share what is spelled once.
   */
  private static final int BATCH = 8000;

  /** Requests that are read in one step. */
  private static final int STEP = 250;

  private static final long PAUSE_NANOS = 1_000_000;
  private static final long SHORT_PAUSE_NANOS = 100_000;

  /** Requests that are written at once: more wait for each other. */
  private static final int FEW = 500;

  /** Sums that may be written for each batch: they take less than the batch does. */
  private static final int FEW_SUMS = 50;

  /** Requests beyond which nothing is read from the journal before these are written. */
  private static final int MANY = 160_000;

  private static final long LONGEST_WAIT = 5_000_000_000L;

  /** How many more times the same is found to be written, before who helps writes it. */
  private static final int PATIENCE = 2;

  private final Store store;
  private final Journal journal;
  private final Identifiers identifiers;
  private final LongSupplier nanoTime;
  private final ReentrantLock turn = new ReentrantLock();
  private final RecordPacker packer = new RecordPacker(); // under turn, as is what follows
  private Pending pending;
  private @Nullable Pending due; // as help saw it
  private int looks;

  UsageWriter(Store store, Journal journal, Identifiers identifiers, LongSupplier nanoTime) {
    this.store = store;
    this.journal = journal;
    this.identifiers = identifiers;
    this.nanoTime = nanoTime;
    this.pending = new Pending(nanoTime.getAsLong());
  }

  /** What was read from the journal and is not written yet. */
  private static final class Pending {
    private UsageSums sums = new UsageSums(); // of what no transaction had yet
    private final Map<String, Integer> positions = new HashMap<>();
    private final List<Journal.Chunk> ends = new ArrayList<>();
    private final long since;
    private int requests;

    // What the transactions before had, of which none is known to have been committed.
    private Map<String, Integer> triedPositions = Map.of();
    private UsageSums triedSums = new UsageSums();
    private int triedBatches;
    private int storedBatches;

    Pending(long since) {
      this.since = since;
    }

    /**
     * Begins another try: leaves out what an earlier one has stored although its answer was lost,
     * whatever was read since.
     *
     * @param stored the places in the journal, read in the transaction of this try
     * @param batches how many there are now
     */
    void tryAgain(Map<String, Integer> stored, int batches) {
      if (stored.entrySet().containsAll(triedPositions.entrySet())) {
        storedBatches = triedBatches;
        triedSums = sums;
      } else {
        triedSums.add(sums);
      }
      sums = new UsageSums();
      triedPositions = Map.copyOf(positions);
      triedBatches = batches;
    }
  }

  /** Goes on where an earlier process stopped. */
  void resume() {
    journal.resume(store.read(tables -> tables.requests().journalPositions()));
  }

  /** Reads what there is now, with pauses. */
  void read() {
    while (step() == STEP) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** Writes what was read, when it is time to. */
  void write() {
    turn.lock();
    try {
      if (isTime()) {
        store();
      }
    } finally {
      turn.unlock();
    }
  }

  /** Reads and writes where those who should do not keep up. */
  void help() {
    turn.lock();
    try {
      int read = STEP;
      while (read == STEP && journal.isLong()) {
        read = step();
      }
      Pending before = due;
      due = pending.requests > 0 && isTime() ? pending : null;
      looks = due != null && due == before ? looks + 1 : 0;
      if (looks >= PATIENCE || pending.requests >= MANY) {
        store();
      }
    } finally {
      turn.unlock();
    }
  }

  /**
   * Whole batches do not wait for more: a longer write holds up for longer what shares its core.
   */
  private boolean isTime() {
    return pending.requests < FEW
        || (pending.requests >= BATCH && pending.sums.size() <= FEW_SUMS)
        || nanoTime.getAsLong() - pending.since >= LONGEST_WAIT;
  }

  private int step() {
    turn.lock();
    try {
      return pending.requests < MANY ? gather() : 0;
    } finally {
      turn.unlock();
    }
  }

  /** Takes everything there is, and leaves no file behind; for when nobody appends any more. */
  void finish() {
    turn.lock();
    try {
      int read = 0;
      while (read >= 0) {
        read = gather();
      }
      if (store()) {
        forget(journal.clear());
      }
    } finally {
      turn.unlock();
    }
  }

  /** Reads on in the journal: how many requests there were, or -1 when there is nothing more. */
  private int gather() {
    Journal.Chunk chunk = journal.next(STEP);
    return chunk == null ? -1 : take(chunk);
  }

  /** Apart, since most looks find nothing: code compiled while they do is not thrown away after. */
  private int take(Journal.Chunk chunk) {
    List<RequestRecord> records = chunk.records();
    if (!records.isEmpty()) {
      for (RequestRecord record : records) { // a loop here has the compiler come to it soon
        pending.sums.add(record);
      }
      packer.add(records);
      pending.requests += records.size();
      if (packer.count() >= BATCH) {
        packer.finish();
      }
    }
    pending.positions.put(chunk.segment(), chunk.to());
    if (chunk.isLast()) {
      pending.ends.add(chunk);
      journal.passBy(chunk);
    }
    return records.size();
  }

  private RequestBatchRow row(RecordPacker.Packed packed) {
    return new RequestBatchRow(
        identifiers.next("rb"),
        packed.firstId(),
        packed.lastId(),
        packed.firstAt(),
        packed.lastAt(),
        packed.count(),
        packed.bytes().get());
  }

  /** Lets what shares the core have its turn: it would not get the core for milliseconds. */
  private static void giveWay() {
    LockSupport.parkNanos(SHORT_PAUSE_NANOS);
  }

  /** Writes what is pending; it stays so when the store is away, and is lost when it is refused. */
  private boolean store() {
    packer.finish();
    Pending known = pending;
    try {
      if (known.requests > 0) {
        giveWay();
        store.write(tables -> {
          List<RecordPacker.Packed> batches = packer.batches();
          known.tryAgain(tables.requests().journalPositions(), batches.size());
          for (RecordPacker.Packed batch : batches.subList(known.storedBatches, batches.size())) {
            tables.requests().insert(row(batch));
            giveWay();
          }
          for (Span span : Span.values()) {
            tables.usage().add(span, known.triedSums.rows(span));
            giveWay();
          }
          known.positions.forEach(tables.requests()::journalPosition);
          return known.requests;
        });
      }
    } catch (StoreException e) {
      if (!e.isRefusal() || !setAside(known, e)) {
        LOG.debug("requests are written later: {}", e.getMessage());
        return false;
      }
    }
    packer.clear();
    pending = new Pending(nanoTime.getAsLong());
    // The files first: without them nothing can be taken twice.
    known.ends.forEach(journal::forget);
    forget(known.ends.stream().map(Journal.Chunk::segment).toList());
    return true;
  }

  /** Goes on behind what the store refuses, since it would each time; false when it is away. */
  private boolean setAside(Pending known, StoreException refusal) {
    try {
      store.write(tables -> {
        known.positions.forEach(tables.requests()::journalPosition);
        return known.requests;
      });
    } catch (StoreException e) {
      return false;
    }
    int records =
        packer.batches().stream()
            .skip(known.storedBatches)
            .mapToInt(RecordPacker.Packed::count)
            .sum();
    journal.refused(records, String.valueOf(refusal.getMessage()));
    return true;
  }

  private void forget(List<String> segments) {
    if (segments.isEmpty()) {
      return;
    }
    try {
      store.write(tables -> {
        segments.forEach(tables.requests()::forgetJournal);
        return segments.size();
      });
    } catch (StoreException e) {
      LOG.debug("positions of {} segments stay: {}", segments.size(), e.getMessage());
    }
  }
}
