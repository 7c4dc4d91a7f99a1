package dev.keygate.store;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Rows that belong to a row of another table, found by the column that names it. */
final class SqlOwnedTable<R> extends SqlTable<R> implements OwnedTable<R> {
  private final String ownerColumn;

  SqlOwnedTable(Handle handle, RowMapping<R> mapping, String ownerColumn) {
    super(handle, mapping);
    this.ownerColumn = ownerColumn;
  }

  @Override
  public List<R> of(String ownerId) {
    return mapping
        .where(handle, ownerColumn + " = ?", ownerId)
        .map((rows, context) -> mapping.reader().read(rows))
        .list();
  }
}
