package dev.keygate.store;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Rows of one kind with a text identifier that sorts by creation. Inserts, updates and deletes also
 * write the change feed. Valid inside the {@link Store.Work} that handed it out.
 */
public interface Table<R> {
  void insert(R row);

  /** Replaces the row with the same id, all but when it was last used; false when there is none. */
  boolean update(R row);

  /** False when there was none. */
  boolean delete(String id);

  Optional<R> find(String id);

  /**
   * Newest first.
   *
   * @param beforeId only rows older than this one; empty for the first page
   * @param limit 1 or more
   */
  List<R> page(String beforeId, int limit);

  /** Every row, streamed: for filling memory at start. */
  void forEach(Consumer<R> consumer);

  long count();
}
