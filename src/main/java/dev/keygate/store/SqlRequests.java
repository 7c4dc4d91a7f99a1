package dev.keygate.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Batches of requests as a table. */
record SqlRequests(Handle handle) implements RequestTable {
  /** Batches looked at for one request: enough for one that took an hour. */
  private static final int MOST_NEAR = 5000;

  @Override
  public void insert(RequestBatchRow row) {
    handle
        .createUpdate("insert into request_batches values (?, ?, ?, ?, ?, ?, ?)")
        .bind(0, row.id())
        .bind(1, row.firstId())
        .bind(2, row.lastId())
        .bind(3, row.firstAt().toEpochMilli())
        .bind(4, row.lastAt().toEpochMilli())
        .bind(5, row.count())
        .bind(6, row.records())
        .execute();
  }

  @Override
  public List<RequestBatchRow> before(String beforeId, int limit) {
    return handle
        .createQuery("select * from request_batches where id < ? order by id desc limit " + limit)
        .bind(0, beforeId.isEmpty() ? "~" : beforeId)
        .map((rows, context) -> row(rows))
        .list();
  }

  @Override
  public List<RequestBatchRow> holding(String requestId) {
    return handle
        .createQuery(
            "select * from request_batches where id in (select id from (select id, first_id"
                + " from request_batches where last_id >= ? order by last_id limit "
                + MOST_NEAR
                + ") as near where first_id <= ?) order by id")
        .bind(0, requestId)
        .bind(1, requestId)
        .map((rows, context) -> row(rows))
        .list();
  }

  @Override
  public int deleteBefore(Instant instant, int limit) {
    return handle.execute(
        "delete from request_batches where id in"
            + " (select id from request_batches where last_at < ? order by last_at limit "
            + limit
            + ")",
        instant.toEpochMilli());
  }

  @Override
  public Map<String, Integer> journalPositions() {
    Map<String, Integer> positions = new HashMap<>();
    handle
        .createQuery("select segment, position from journal_positions")
        .map((rows, context) -> Map.entry(rows.getString(1), rows.getInt(2)))
        .forEach(entry -> positions.put(entry.getKey(), entry.getValue()));
    return positions;
  }

  @Override
  public void journalPosition(String segment, int position) {
    handle.execute(
        "insert into journal_positions (segment, position) values (?, ?)"
            + " on conflict (segment) do update set position = excluded.position",
        segment,
        position);
  }

  @Override
  public void forgetJournal(String segment) {
    handle.execute("delete from journal_positions where segment = ?", segment);
  }

  private static RequestBatchRow row(ResultSet rows) throws SQLException {
    return new RequestBatchRow(
        rows.getString("id"),
        rows.getString("first_id"),
        rows.getString("last_id"),
        Instant.ofEpochMilli(rows.getLong("first_at")),
        Instant.ofEpochMilli(rows.getLong("last_at")),
        rows.getInt("count"),
        rows.getBytes("records"));
  }
}
