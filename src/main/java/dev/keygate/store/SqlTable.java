package dev.keygate.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** A table whose changes go to the change feed. */
class SqlTable<R> implements Table<R> {
  /** Rows fetched at a time by {@link #forEach}; PostgreSQL would otherwise send all at once. */
  private static final int FETCH = 1000;

  final Handle handle;
  final RowMapping<R> mapping;

  SqlTable(Handle handle, RowMapping<R> mapping) {
    this.handle = handle;
    this.mapping = mapping;
  }

  @Override
  public final void insert(R row) {
    mapping.insert(handle, row);
    changed(mapping.idOf(row));
  }

  @Override
  public final boolean update(R row) {
    boolean found = mapping.update(handle, row);
    if (found) {
      changed(mapping.idOf(row));
    }
    return found;
  }

  @Override
  public boolean delete(String id) {
    boolean found = handle.execute("delete from " + mapping.table() + " where id = ?", id) == 1;
    if (found) {
      changed(id);
    }
    return found;
  }

  @Override
  public final Optional<R> find(String id) {
    return mapping
        .where(handle, "id = ?", id)
        .map((rows, context) -> mapping.reader().read(rows))
        .findOne();
  }

  @Override
  public final List<R> page(String beforeId, int limit) {
    return mapping.page(handle, beforeId, limit);
  }

  @Override
  public final void forEach(Consumer<R> consumer) {
    handle
        .createQuery("select * from " + mapping.table())
        .setFetchSize(FETCH)
        .scanResultSet((rows, context) -> {
          try (var results = rows.get()) {
            while (results.next()) {
              consumer.accept(mapping.reader().read(results));
            }
            return null;
          } catch (SQLException e) {
            throw Failures.explain(e);
          }
        });
  }

  @Override
  public final long count() {
    return handle
        .createQuery("select count(*) from " + mapping.table())
        .map((rows, context) -> rows.getLong(1))
        .one();
  }

  private void changed(String id) {
    SqlChanges.append(handle, mapping.resource(), id);
  }
}
