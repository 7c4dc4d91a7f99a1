package dev.keygate.server;

import dev.keygate.identifier.Identifiers;
import dev.keygate.store.RequestBatchRow;
import dev.keygate.store.Store;
import dev.keygate.store.StoreException;
import dev.keygate.store.UsageTable.Span;
import dev.keygate.usage.Journal;
import dev.keygate.usage.RecordBatch;
import dev.keygate.usage.RequestRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the journal to the store: requests in batches, and their sums. Batches, sums and the places
 * in the journal are one transaction, so that nothing is missing or counted twice whenever the
 * process is killed. When requests are many, their sums are written every few seconds, since most
 * of them then fall together. Blocking; called by one thread at a time.
 */
final class UsageWriter implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(UsageWriter.class);

  /** Most requests of a batch: as many as are unpacked to read one of them. */
  private static final int BATCH = 2000;

  /** Requests that are written at once: more wait for each other. */
  private static final int FEW = 500;

  /** Requests beyond which nothing is read from the journal before these are written. */
  private static final int MANY = 200_000;

  private static final long LONGEST_WAIT = 5_000_000_000L;

  private final Store store;
  private final Journal journal;
  private final Identifiers identifiers;
  private final LongSupplier nanoTime;
  private final RecordBatch.Packer packer = new RecordBatch.Packer();
  private Pending pending;

  UsageWriter(Store store, Journal journal, Identifiers identifiers, LongSupplier nanoTime) {
    this.store = store;
    this.journal = journal;
    this.identifiers = identifiers;
    this.nanoTime = nanoTime;
    this.pending = new Pending(nanoTime.getAsLong());
  }

  /** What was read from the journal and is not written yet. */
  private static final class Pending {
    private final List<RequestBatchRow> batches = new ArrayList<>();
    private final UsageSums sums = new UsageSums();
    private final Map<String, Integer> positions = new HashMap<>();
    private final List<Journal.Chunk> ends = new ArrayList<>();
    private final long since;
    private int requests;

    Pending(long since) {
      this.since = since;
    }
  }

  /** Goes on where an earlier process stopped. */
  void resume() {
    journal.resume(store.read(tables -> tables.requests().journalPositions()));
  }

  @Override
  public void run() {
    journal.prepare();
    boolean isMore = true;
    while (isMore && pending.requests < MANY) {
      isMore = gather();
      journal.prepare();
    }
    boolean isDue = nanoTime.getAsLong() - pending.since >= LONGEST_WAIT;
    if (pending.requests < FEW || isDue) {
      write();
    }
  }

  /** Takes everything there is, and leaves no file behind; for when nobody appends any more. */
  void finish() {
    boolean isMore = true;
    while (isMore) {
      isMore = gather();
    }
    if (write()) {
      forget(journal.clear());
    }
  }

  /** Reads on in the journal; false when there is no more. */
  private boolean gather() {
    Journal.Chunk chunk = journal.next(BATCH);
    if (chunk == null) {
      return false;
    }
    List<RequestRecord> records = chunk.records();
    records.forEach(pending.sums::add);
    if (!records.isEmpty()) {
      pending.batches.add(row(records, packer.pack(records)));
    }
    pending.requests += records.size();
    pending.positions.put(chunk.segment(), chunk.to());
    if (chunk.isLast()) {
      pending.ends.add(chunk);
      journal.passBy(chunk);
    }
    return true;
  }

  /** Writes what is pending; it stays so when the store is away. */
  private boolean write() {
    Pending known = pending;
    try {
      if (!known.batches.isEmpty()) {
        store.write(tables -> {
          known.batches.forEach(tables.requests()::insert);
          for (Span span : Span.values()) {
            tables.usage().add(span, known.sums.rows(span));
          }
          known.positions.forEach(tables.requests()::journalPosition);
          return known.requests;
        });
      }
    } catch (StoreException e) {
      LOG.debug("requests are written later: {}", e.getMessage());
      return false;
    }
    pending = new Pending(nanoTime.getAsLong());
    // The files first: without them nothing can be taken twice.
    known.ends.forEach(journal::forget);
    forget(known.ends.stream().map(Journal.Chunk::segment).toList());
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

  private RequestBatchRow row(List<RequestRecord> records, byte[] packed) {
    RequestRecord some = records.getFirst();
    String firstId = some.id();
    String lastId = some.id();
    long firstAt = some.startMillis();
    long lastAt = some.endMillis();
    for (RequestRecord record : records) {
      firstId = record.id().compareTo(firstId) < 0 ? record.id() : firstId;
      lastId = record.id().compareTo(lastId) > 0 ? record.id() : lastId;
      firstAt = Math.min(firstAt, record.startMillis());
      lastAt = Math.max(lastAt, record.endMillis());
    }
    return new RequestBatchRow(
        identifiers.next("rb"),
        firstId,
        lastId,
        Instant.ofEpochMilli(firstAt),
        Instant.ofEpochMilli(lastAt),
        records.size(),
        packed);
  }
}
