package dev.keygate.store;

import java.util.List;

/** Rows that belong to a row of another table. */
public interface OwnedTable<R> extends Table<R> {
  /** All that belong to this owner, newest first. */
  List<R> of(String ownerId);
}
