package dev.keygate.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Sums as a table. */
record SqlUsage(Handle handle) implements UsageTable {
  private static final List<String> KEYS =
      List.of("span", "bucket", "endpoint_id", "key_id", "provider", "model", "status_class");

  private static final List<String> SUMS =
      Stream.of(
              Stream.of(
                  "requests", "tokens_in", "tokens_out", "tokens_estimated", "cost", "micros"),
              steps("took"),
              steps("first"))
          .flatMap(names -> names)
          .toList();

  private static final String ADD =
      "insert into usage_sums (%s, %s) values (%s) on conflict (%s) do update set %s"
          .formatted(
              String.join(", ", KEYS),
              String.join(", ", SUMS),
              Stream.generate(() -> "?")
                  .limit(KEYS.size() + SUMS.size())
                  .collect(Collectors.joining(", ")),
              String.join(", ", KEYS),
              SUMS.stream()
                  .map(name -> "%s = usage_sums.%s + excluded.%s".formatted(name, name, name))
                  .collect(Collectors.joining(", ")));

  /** Rows that are handed over together: what the driver keeps of more outlives young objects. */
  private static final int AT_ONCE = 50;

  private static final String SELECTED =
      SUMS.stream()
              .map(name -> "cast(coalesce(sum(%s), 0) as bigint) as %s".formatted(name, name))
              .collect(Collectors.joining(", "))
          + ", cast(coalesce(sum(case when status_class in (2, 3) then 0 else requests end), 0)"
          + " as bigint) as errors";

  @Override
  public void add(Span span, List<UsageRow> rows) {
    if (rows.isEmpty()) {
      return;
    }
    // By the driver itself: so many values of so many rows take longer to hand over than to store.
    try (PreparedStatement add = handle.getConnection().prepareStatement(ADD)) {
      for (int at = 0; at < rows.size(); at++) {
        bind(add, span, rows.get(at));
        add.addBatch();
        if (at % AT_ONCE == AT_ONCE - 1) {
          add.executeBatch();
        }
      }
      add.executeBatch();
    } catch (SQLException e) {
      throw Failures.explain(e);
    }
  }

  private static void bind(PreparedStatement add, Span span, UsageRow row) throws SQLException {
    add.setInt(1, span.seconds());
    add.setLong(2, row.bucket().toEpochMilli());
    add.setString(3, row.endpointId());
    add.setString(4, row.keyId());
    add.setString(5, row.provider());
    add.setString(6, row.model());
    add.setInt(7, row.statusClass());
    add.setLong(8, row.requests());
    add.setLong(9, row.tokensIn());
    add.setLong(10, row.tokensOut());
    add.setLong(11, row.tokensEstimated());
    add.setLong(12, row.cost());
    add.setLong(13, row.micros());
    for (int step = 0; step < UsageRow.STEPS; step++) {
      add.setLong(14 + step, row.took()[step]);
      add.setLong(14 + UsageRow.STEPS + step, row.first()[step]);
    }
  }

  @Override
  public List<UsageRow> sums(Question question, int limit) {
    String apart =
        question.apartBy().stream()
            .sorted()
            .map(Dimension::column)
            .collect(Collectors.joining(", "));
    StringBuilder sql = new StringBuilder("select ");
    if (!apart.isEmpty()) {
      sql.append(apart).append(", ");
    }
    sql.append(SELECTED).append(" from usage_sums where span = ? and bucket >= ? and bucket < ?");
    question
        .only()
        .keySet()
        .forEach(dimension -> sql.append(" and ").append(dimension.column()).append(" = ?"));
    if (!apart.isEmpty()) {
      sql.append(" group by ").append(apart);
    }
    sql.append(" order by requests desc limit ").append(limit);
    Query query =
        handle
            .createQuery(sql.toString())
            .bind(0, question.span().seconds())
            .bind(1, question.since().toEpochMilli())
            .bind(2, question.until().toEpochMilli());
    int at = 3;
    for (String value : question.only().values()) {
      query.bind(at++, value);
    }
    return query.map((rows, context) -> row(rows, question)).list();
  }

  @Override
  public void deleteBefore(Span span, Instant instant) {
    handle.execute(
        "delete from usage_sums where span = ? and bucket < ?",
        span.seconds(),
        instant.toEpochMilli());
  }

  private static UsageRow row(ResultSet rows, Question question) throws SQLException {
    boolean hasBucket = question.apartBy().contains(Dimension.BUCKET);
    return new UsageRow(
        hasBucket ? Instant.ofEpochMilli(rows.getLong("bucket")) : question.since(),
        text(rows, question, Dimension.ENDPOINT),
        text(rows, question, Dimension.KEY),
        text(rows, question, Dimension.PROVIDER),
        text(rows, question, Dimension.MODEL),
        0,
        rows.getLong("requests"),
        rows.getLong("errors"),
        rows.getLong("tokens_in"),
        rows.getLong("tokens_out"),
        rows.getLong("tokens_estimated"),
        rows.getLong("cost"),
        rows.getLong("micros"),
        counts(rows, "took"),
        counts(rows, "first"));
  }

  private static String text(ResultSet rows, Question question, Dimension dimension)
      throws SQLException {
    return question.apartBy().contains(dimension) ? rows.getString(dimension.column()) : "";
  }

  private static long[] counts(ResultSet rows, String kind) throws SQLException {
    long[] counts = new long[UsageRow.STEPS];
    List<String> names = steps(kind).toList();
    for (int i = 0; i < counts.length; i++) {
      counts[i] = rows.getLong(names.get(i));
    }
    return counts;
  }

  private static Stream<String> steps(String kind) {
    return IntStream.range(0, UsageRow.STEPS)
        .mapToObj(step -> String.format(Locale.ROOT, "%s_%02d", kind, step));
  }
}
