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
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the journal to the store: requests in batches, and their sums. A batch, its sums and the
 * place in the journal are one transaction, so that nothing is missing or counted twice whenever
 * the process is killed. Blocking; called by one thread at a time.
 */
final class UsageWriter implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(UsageWriter.class);

  /** Most requests of a batch: as many as are unpacked to read one of them. */
  private static final int BATCH = 2000;

  /** Most batches of one run: lanes need room meanwhile. */
  private static final int BATCHES_A_RUN = 8;

  private final Store store;
  private final Journal journal;
  private final Identifiers identifiers;

  UsageWriter(Store store, Journal journal, Identifiers identifiers) {
    this.store = store;
    this.journal = journal;
    this.identifiers = identifiers;
  }

  /** Goes on where an earlier process stopped. */
  void resume() {
    journal.resume(store.read(tables -> tables.requests().journalPositions()));
  }

  @Override
  public void run() {
    journal.prepare();
    for (int i = 0; i < BATCHES_A_RUN; i++) {
      Journal.Chunk chunk = journal.next(BATCH);
      if (chunk == null || !take(chunk)) {
        return;
      }
    }
  }

  /** Takes everything there is, and leaves no file behind; for when nobody appends any more. */
  void finish() {
    Journal.Chunk chunk = journal.next(BATCH);
    while (chunk != null && take(chunk)) {
      chunk = journal.next(BATCH);
    }
    if (chunk == null) {
      List<String> cleared = journal.clear();
      try {
        store.write(tables -> {
          cleared.forEach(tables.requests()::forgetJournal);
          return cleared.size();
        });
      } catch (StoreException e) {
        LOG.debug("positions of the journal stay: {}", e.getMessage());
      }
    }
  }

  private boolean take(Journal.Chunk chunk) {
    try {
      if (!chunk.records().isEmpty()) {
        store(chunk);
      }
      if (chunk.isLast()) {
        journal.forget(chunk); // the file first: without it nothing can be taken twice
        store.write(tables -> {
          tables.requests().forgetJournal(chunk.segment());
          return chunk.to();
        });
      }
      return true;
    } catch (StoreException e) {
      journal.putBack(chunk);
      LOG.debug("requests are written later: {}", e.getMessage());
      return false;
    }
  }

  private void store(Journal.Chunk chunk) {
    List<RequestRecord> records = new ArrayList<>();
    List<byte[]> bytes = new ArrayList<>();
    UsageSums sums = new UsageSums();
    for (byte[] each : chunk.records()) {
      try {
        RequestRecord record = RecordBatch.record(each);
        records.add(record);
        bytes.add(each);
        sums.add(record);
      } catch (IllegalArgumentException e) {
        LOG.warn("a record of {} cannot be read: {}", chunk.segment(), e.getMessage());
      }
    }
    if (records.isEmpty()) {
      return;
    }
    RequestBatchRow row = row(records, RecordBatch.pack(bytes));
    store.write(tables -> {
      tables.requests().insert(row);
      for (Span span : Span.values()) {
        tables.usage().add(span, sums.rows(span));
      }
      tables.requests().journalPosition(chunk.segment(), chunk.to());
      return row.count();
    });
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
