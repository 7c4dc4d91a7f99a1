package dev.keygate.control;

import dev.keygate.store.RequestBatchRow;
import dev.keygate.store.RequestTable;
import dev.keygate.usage.RecordBatch;
import dev.keygate.usage.RequestRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Requests one by one, those that ended last first, out of the batches they are kept in. */
final class RequestHistory extends ReadOnlyTable<RequestRecord> {
  private static final int BATCHES_AT_A_TIME = 5;

  /** Most batches that one page reads. */
  private static final int MAX_BATCHES = 2000;

  /** Most requests that it looks at in them. */
  private static final long MAX_REQUESTS = 4_000_000;

  private final RequestTable batches;
  private final Predicate<RequestBatchRow> isNear;
  private final Predicate<RequestRecord> isWanted;

  /**
   * A part of the history.
   *
   * @param isNear whether a batch may hold what is wanted; others are not unpacked
   */
  RequestHistory(
      RequestTable batches, Predicate<RequestBatchRow> isNear, Predicate<RequestRecord> isWanted) {
    this.batches = batches;
    this.isNear = isNear;
    this.isWanted = isWanted;
  }

  @Override
  public Optional<RequestRecord> find(String id) {
    return batches.holding(id).stream()
        .flatMap(batch -> records(batch).stream())
        .filter(record -> record.id().equals(id))
        .findFirst();
  }

  @Override
  public List<RequestRecord> page(String beforeId, int limit) {
    List<RequestRecord> page = new ArrayList<>();
    String position = "";
    if (!beforeId.isEmpty()) {
      RequestBatchRow holding = batchOf(beforeId);
      if (holding == null) {
        return page; // forgotten meanwhile, and all before it
      }
      List<RequestRecord> records = records(holding);
      addNewestFirst(records.subList(0, indexOf(records, beforeId)), limit, page);
      position = holding.id();
    }
    long seen = 0;
    for (int read = 0; page.size() < limit; read += BATCHES_AT_A_TIME) {
      List<RequestBatchRow> older = batches.before(position, BATCHES_AT_A_TIME);
      for (RequestBatchRow batch : older) {
        if (page.size() < limit && isNear.test(batch)) {
          addNewestFirst(records(batch), limit, page);
          seen += batch.count();
        }
      }
      if (older.size() < BATCHES_AT_A_TIME) {
        return page;
      }
      if (read > MAX_BATCHES || seen > MAX_REQUESTS) {
        throw ApiError.of(
            ErrorCode.FILTER_TOO_COSTLY,
            "Too many requests to look at. Narrow the time with since and until.");
      }
      position = older.getLast().id();
    }
    return page;
  }

  private void addNewestFirst(List<RequestRecord> records, int limit, List<RequestRecord> page) {
    for (RequestRecord record : records.reversed()) {
      if (page.size() < limit && isWanted.test(record)) {
        page.add(record);
      }
    }
  }

  private @Nullable RequestBatchRow batchOf(String id) {
    for (RequestBatchRow batch : batches.holding(id)) {
      if (indexOf(records(batch), id) >= 0) {
        return batch;
      }
    }
    return null;
  }

  private static int indexOf(List<RequestRecord> records, String id) {
    for (int i = 0; i < records.size(); i++) {
      if (records.get(i).id().equals(id)) {
        return i;
      }
    }
    return -1;
  }

  private static List<RequestRecord> records(RequestBatchRow batch) {
    return RecordBatch.unpack(batch.records(), batch.count());
  }
}
