package dev.keygate.store;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Rows that belong to a row of another table, found by the column that names it. */
class SqlOwnedTable<R> extends SqlTable<R> implements OwnedTable<R> {
  private final String ownerColumn;

  SqlOwnedTable(Handle handle, RowMapping<R> mapping, String ownerColumn) {
    super(handle, mapping);
    this.ownerColumn = ownerColumn;
  }

  @Override
  public final List<R> of(String ownerId) {
    return mapping
        .where(handle, ownerColumn + " = ?", ownerId)
        .map((rows, context) -> mapping.reader().read(rows))
        .list();
  }

  @Override
  public final List<R> page(String ownerId, String beforeId, int limit) {
    return mapping.page(handle, List.of(ownerColumn + " = ?"), List.of(ownerId), beforeId, limit);
  }
}
