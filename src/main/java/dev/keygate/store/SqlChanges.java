package dev.keygate.store;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** The change feed as a table; what is far behind the newest entry is forgotten. */
record SqlChanges(Handle handle) implements Store.ChangeFeed {
  /** How many entries are kept. A reader that is so far behind reads everything anew. */
  private static final int KEPT = 100_000;

  @Override
  public long latest() {
    return handle
        .createQuery("select coalesce(max(sequence), 0) from changes")
        .map((rows, context) -> rows.getLong(1))
        .one();
  }

  @Override
  public List<ChangeRow> since(long sequence, int limit) {
    return handle
        .createQuery(
            "select sequence, resource, id from changes where sequence > ?"
                + " order by sequence limit ?")
        .bind(0, sequence)
        .bind(1, limit)
        .map((rows, context) ->
            new ChangeRow(
                rows.getLong("sequence"), rows.getString("resource"), rows.getString("id")))
        .list();
  }

  @Override
  public boolean goesOnFrom(long sequence) {
    return handle
        .createQuery("select coalesce(min(sequence), 0) from changes where sequence >= ?")
        .bind(0, sequence)
        .map((rows, context) -> rows.getLong(1) == sequence)
        .one();
  }

  /** Forgets what is far behind the newest change. */
  void trim() {
    trim(KEPT);
  }

  /** Forgets all but the newest {@code kept} changes, 1 or more: numbers go on from there. */
  void trim(int kept) {
    handle.execute("delete from changes where sequence <= ?", latest() - kept);
  }

  static void append(Handle handle, String resource, String id) {
    handle.execute("insert into changes (resource, id) values (?, ?)", resource, id);
  }
}
