package dev.keygate.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * How a record's components and a table's columns correspond, and the statements that follow from
 * it. The first column is the identifier.
 */
final class RowMapping<R> {
  private static final Set<String> KEPT_BY_UPDATES =
      Set.of("id", "last_used", "refusals", "last_refused");

  private final String table;
  private final String resource;
  private final Reader<R> reader;
  private final Map<String, Function<R, @Nullable Object>> columns;
  private final String insert;
  private final String update;

  /** Reads the row that the result set stands on. */
  @FunctionalInterface
  interface Reader<R> {
    R read(ResultSet row) throws SQLException;
  }

  private RowMapping(
      String table,
      String resource,
      Reader<R> reader,
      Map<String, Function<R, @Nullable Object>> columns) {
    this.table = table;
    this.resource = resource;
    this.reader = reader;
    this.columns = columns;
    List<String> names = new ArrayList<>(columns.keySet());
    this.insert =
        "insert into %s (%s) values (%s)"
            .formatted(
                table,
                String.join(", ", names),
                names.stream().map(name -> "?").collect(Collectors.joining(", ")));
    this.update =
        "update %s set %s where id = ?"
            .formatted(
                table,
                names.stream()
                    .filter(RowMapping::isUpdated)
                    .map(name -> name + " = ?")
                    .collect(Collectors.joining(", ")));
  }

  /** Begins the mapping of a table; {@code resource} is its name in the change feed. */
  static <R> Builder<R> of(String table, String resource) {
    return new Builder<>(table, resource);
  }

  String table() {
    return table;
  }

  String resource() {
    return resource;
  }

  String idOf(R row) {
    return (String) Objects.requireNonNull(columns.getOrDefault("id", any -> "").apply(row));
  }

  void insert(Handle handle, R row) {
    try (Update statement = handle.createUpdate(insert)) {
      bind(statement, row, name -> true);
      statement.execute();
    }
  }

  boolean update(Handle handle, R row) {
    try (Update statement = handle.createUpdate(update)) {
      statement.bind(bind(statement, row, RowMapping::isUpdated), idOf(row));
      return statement.execute() == 1;
    }
  }

  /** An update from a row read earlier must not undo what was counted since. */
  private static boolean isUpdated(String column) {
    return !KEPT_BY_UPDATES.contains(column);
  }

  /** Newest first; {@code beforeId} empty for the first page. */
  List<R> page(Handle handle, String beforeId, int limit) {
    return page(handle, List.of(), List.of(), beforeId, limit);
  }

  /** A page of the rows that meet all conditions, whose parameters follow each other. */
  List<R> page(
      Handle handle, List<String> conditions, List<String> parameters, String beforeId, int limit) {
    List<String> all = new ArrayList<>(conditions);
    List<String> values = new ArrayList<>(parameters);
    if (!beforeId.isEmpty()) {
      all.add("id < ?");
      values.add(beforeId);
    }
    String where = all.isEmpty() ? "" : " where " + String.join(" and ", all);
    Query query =
        handle.createQuery("select * from " + table + where + " order by id desc limit ?");
    for (int i = 0; i < values.size(); i++) {
      query.bind(i, values.get(i));
    }
    return query.bind(values.size(), limit).map((rows, context) -> reader.read(rows)).list();
  }

  /** The rows that a condition with one parameter selects, newest first. */
  Query where(Handle handle, String condition, String parameter) {
    return handle
        .createQuery("select * from " + table + " where " + condition + " order by id desc")
        .bind(0, parameter);
  }

  Reader<R> reader() {
    return reader;
  }

  /** Binds the chosen columns from the first parameter on; returns the next one's index. */
  private int bind(Update statement, R row, Predicate<String> chosen) {
    int index = 0;
    for (var column : columns.entrySet()) {
      if (chosen.test(column.getKey())) {
        bind(statement, index++, column.getValue().apply(row));
      }
    }
    return index;
  }

  private static void bind(Update statement, int index, @Nullable Object value) {
    switch (value) {
      case null -> statement.bindNull(index, Types.NULL);
      case Instant instant -> statement.bind(index, instant.toEpochMilli());
      case String text -> statement.bind(index, text);
      case Long number -> statement.bind(index, number);
      case Boolean truth -> statement.bind(index, truth);
      case byte[] bytes -> statement.bind(index, bytes);
      default -> throw new IllegalArgumentException("no column holds a " + value.getClass());
    }
  }

  /** Collects the columns in their order. */
  static final class Builder<R> {
    private final String table;
    private final String resource;
    private final Map<String, Function<R, @Nullable Object>> columns = new LinkedHashMap<>();

    private Builder(String table, String resource) {
      this.table = table;
      this.resource = resource;
    }

    Builder<R> column(String name, Function<R, @Nullable Object> value) {
      columns.put(name, value);
      return this;
    }

    RowMapping<R> readBy(Reader<R> reader) {
      return new RowMapping<>(table, resource, reader, columns);
    }
  }
}
