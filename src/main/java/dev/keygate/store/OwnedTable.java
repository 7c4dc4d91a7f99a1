package dev.keygate.store;

import java.util.List;

/** Rows that belong to a row of another table. */
public interface OwnedTable<R> extends Table<R> {
  /** All that belong to this owner, newest first. */
  List<R> of(String ownerId);

  /** A page of them; parameters as for {@link #page(String, int)}. */
  List<R> page(String ownerId, String beforeId, int limit);
}
