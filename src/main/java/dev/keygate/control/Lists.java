package dev.keygate.control;

import dev.keygate.store.Store;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Pages of objects, newest first. A page that has a successor is never empty: published clients
 * take an empty page for the end. A filter's search reads a few rows at a time, each time in a
 * transaction of its own, and ends after a bounded number.
 */
final class Lists {
  private static final int ROWS_AT_A_TIME = 200;

  private final Store store;
  private final int maxScanned;
  private final Filters filters = new Filters();

  /**
   * @param maxScanned rows that one filtered list looks at
   */
  Lists(Store store, int maxScanned) {
    this.store = store;
    this.maxScanned = maxScanned;
  }

  /**
   * One page of rows.
   *
   * @param nextBefore where the next page begins, or null when there is none
   */
  private record Page<R>(List<R> rows, @Nullable String nextBefore) {}

  /**
   * Where a list's rows come from.
   *
   * @param path of the list
   */
  record Source<R>(String path, Rows<R> rows) {}

  /** Reads a page of rows. */
  @FunctionalInterface
  interface Rows<R> {
    List<R> page(Store.Tables tables, String beforeId, int limit);
  }

  <R> Answer list(Resource<R> resource, Call call) {
    return list(
        resource,
        call,
        new Source<>(
            "/" + resource.collection(),
            (tables, beforeId, limit) -> resource.table(tables).page(beforeId, limit)));
  }

  /** A list of some of a resource's objects. */
  <R> Answer list(Resource<R> resource, Call call, Source<R> source) {
    ListQuery query = ListQuery.of(resource, call);
    Page<R> page =
        query.filter().isEmpty()
            ? plain(resource, query, source.rows())
            : filtered(resource, query, call, source.rows());
    ObjectNode shown = Json.object();
    ArrayNode objects = shown.putArray(resource.listName());
    store.read(tables -> {
      page.rows().forEach(row -> objects.add(resource.show(row, tables)));
      return objects;
    });
    String path = source.path();
    shown.put("uri", call.rawQuery().isEmpty() ? path : path + "?" + call.rawQuery());
    String next = page.nextBefore();
    shown.put("next_page_uri", next == null ? null : path + "?" + ListQuery.next(call, next));
    return Answer.ok(shown);
  }

  private <R> Page<R> plain(Resource<R> resource, ListQuery query, Rows<R> source) {
    // One more than asked for tells whether there is a next page.
    List<R> rows = store.read(tables -> source.page(tables, query.beforeId(), query.limit() + 1));
    return cut(resource, rows, query.limit());
  }

  private <R> Page<R> filtered(Resource<R> resource, ListQuery query, Call call, Rows<R> source) {
    Filters.Filter filter = filters.compile(query.filter(), call.now());
    List<R> found = new ArrayList<>();
    String position = query.beforeId();
    for (int scanned = 0; scanned < maxScanned; scanned += ROWS_AT_A_TIME) {
      String from = position;
      List<R> rows = store.read(tables -> source.page(tables, from, ROWS_AT_A_TIME));
      for (R row : rows) {
        if (filter.accepts(resource.fields(row))) {
          found.add(row);
        }
        if (found.size() > query.limit()) {
          return cut(resource, found, query.limit());
        }
      }
      if (rows.size() < ROWS_AT_A_TIME) {
        return new Page<>(found, null);
      }
      position = resource.id(rows.getLast());
    }
    if (found.isEmpty()) {
      throw ApiError.of(
              ErrorCode.FILTER_TOO_COSTLY,
              "filter: nothing found among the "
                  + maxScanned
                  + " objects looked at. Go on with before_id="
                  + position
                  + ", or list without a filter.")
          .with("field", "filter")
          .with("before_id", position);
    }
    return new Page<>(found, position);
  }

  private static <R> Page<R> cut(Resource<R> resource, List<R> rows, int limit) {
    return rows.size() <= limit
        ? new Page<>(rows, null)
        : new Page<>(rows.subList(0, limit), resource.id(rows.get(limit - 1)));
  }
}
