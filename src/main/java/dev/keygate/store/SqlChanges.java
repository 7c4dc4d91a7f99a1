package dev.keygate.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
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
    return query(
        "select sequence, resource, id from changes where sequence > ? order by sequence limit "
            + limit,
        sequence,
        rows -> {
          List<ChangeRow> changes = new ArrayList<>();
          while (rows.next()) {
            changes.add(new ChangeRow(rows.getLong(1), rows.getString(2), rows.getString(3)));
          }
          return changes;
        });
  }

  @Override
  public boolean goesOnFrom(long sequence) {
    return query(
        "select coalesce(min(sequence), 0) from changes where sequence >= ?",
        sequence,
        rows -> rows.next() && rows.getLong(1) == sequence);
  }

  /**
   * By the driver itself: a follower asks every few seconds for as long as the process runs, too
   * seldom for what stands between to be compiled.
   */
  private <T> T query(String sql, long sequence, Reading<T> reading) {
    try (PreparedStatement query = handle.getConnection().prepareStatement(sql)) {
      query.setLong(1, sequence);
      try (ResultSet rows = query.executeQuery()) {
        return reading.of(rows);
      }
    } catch (SQLException e) {
      throw Failures.explain(e);
    }
  }

  private interface Reading<T> {
    T of(ResultSet rows) throws SQLException;
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
