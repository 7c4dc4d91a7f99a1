package dev.keygate.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Requests, in batches; and how far the nodes' journals were taken over. */
public interface RequestTable {
  void insert(RequestBatchRow row);

  /** Newest first; {@code beforeId} empty for the first. */
  List<RequestBatchRow> before(String beforeId, int limit);

  /** The batches that may hold a request: those whose ids are before and after it. */
  List<RequestBatchRow> holding(String requestId);

  /** Forgets batches that ended before an instant, and says how many they were. */
  int deleteBefore(Instant instant, int limit);

  /** How far each segment was taken over, of all nodes. */
  Map<String, Integer> journalPositions();

  void journalPosition(String segment, int position);

  void forgetJournal(String segment);
}
