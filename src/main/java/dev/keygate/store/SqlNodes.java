package dev.keygate.store;

import java.time.Duration;
import org.jdbi.v3.core.Handle;

/**
 * The nodes as a table.
 *
 * @param now the database's expression for its clock, in milliseconds since 1970
 */
record SqlNodes(Handle handle, String now) implements NodeTable {

  @Override
  public void beat(String id, long applied) {
    handle.execute(
        "insert into nodes (id, applied, seen_at) values (?, ?, "
            + now
            + ") on conflict (id) do update set applied = excluded.applied,"
            + " seen_at = excluded.seen_at",
        id,
        applied);
  }

  @Override
  public boolean remove(String id) {
    return handle.execute("delete from nodes where id = ?", id) == 1;
  }

  @Override
  public boolean isAnyBehind(String self, long sequence, Duration lease) {
    return handle
        .createQuery(
            "select exists (select 1 from nodes where id <> ? and applied < ? and seen_at > "
                + now
                + " - ?)")
        .bind(0, self)
        .bind(1, sequence)
        .bind(2, lease.toMillis())
        .map((rows, context) -> rows.getBoolean(1))
        .one();
  }

  @Override
  public int alive(Duration lease) {
    return handle
        .createQuery("select count(*) from nodes where seen_at > " + now + " - ?")
        .bind(0, lease.toMillis())
        .map((rows, context) -> rows.getInt(1))
        .one();
  }

  @Override
  public int removeUnseen(Duration lease) {
    return handle.execute("delete from nodes where seen_at <= " + now + " - ?", lease.toMillis());
  }
}
