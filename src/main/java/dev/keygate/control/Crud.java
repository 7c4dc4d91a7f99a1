package dev.keygate.control;

import dev.keygate.identifier.Identifiers;
import dev.keygate.store.AuditRow;
import dev.keygate.store.Store;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The five operations, the same for every resource: what differs is in {@link Resource}. */
final class Crud {
  private static final int DEFAULT_LIMIT = 100;

  /** Rows that one filtered list looks at before it gives back a page that is not full. */
  private static final int MAX_SCANNED = 20_000;

  private final Store store;
  private final Identifiers identifiers;
  private final Publisher publisher;
  private final Filters filters = new Filters();

  Crud(Store store, Identifiers identifiers, Publisher publisher) {
    this.store = store;
    this.identifiers = identifiers;
    this.publisher = publisher;
  }

  <R> Answer run(Resource<R> resource, Call call) {
    return switch (call.operation().method()) {
      case "GET" -> call.operation().isOnItem() ? get(resource, call) : list(resource, call);
      case "POST" -> create(resource, call);
      case "PATCH" -> update(resource, call);
      case "DELETE" -> delete(resource, call);
      default -> throw new IllegalStateException("the contract has no such method");
    };
  }

  private <R> Answer get(Resource<R> resource, Call call) {
    return store.read(
        tables -> Answer.ok(resource.show(require(resource, call, tables), call, tables)));
  }

  private <R> Answer create(Resource<R> resource, Call call) {
    Answer answer =
        store.write(tables -> {
          Resource.Created<R> created = resource.create(call, tables);
          ObjectNode shown = resource.show(created.row(), call, tables);
          audit(tables, call, "create", resource.id(created.row()), "", shown.toString());
          created.token().ifPresent(token -> shown.put("token", token));
          return Answer.created(shown);
        });
    publisher.catchUp();
    return answer;
  }

  private <R> Answer update(Resource<R> resource, Call call) {
    Answer answer =
        store.write(tables -> {
          R before = require(resource, call, tables);
          String shownBefore = resource.show(before, call, tables).toString();
          R after = resource.update(before, call, tables);
          resource.table(tables).update(after);
          ObjectNode shown = resource.show(after, call, tables);
          audit(tables, call, "update", call.id(), shownBefore, shown.toString());
          return Answer.ok(shown);
        });
    publisher.catchUp();
    return answer;
  }

  private <R> Answer delete(Resource<R> resource, Call call) {
    store.write(tables -> {
      R row = require(resource, call, tables);
      resource.checkDelete(row, call, tables);
      String shown = resource.show(row, call, tables).toString();
      resource.table(tables).delete(call.id());
      audit(tables, call, "delete", call.id(), shown, "");
      return row;
    });
    // Not before this returns may the client believe that it is gone.
    publisher.catchUp();
    return Answer.deleted();
  }

  private <R> Answer list(Resource<R> resource, Call call) {
    int limit = limit(call);
    String beforeId = call.query().getOrDefault("before_id", "");
    String filter = call.query().getOrDefault("filter", "");
    return store.read(tables -> {
      Page page = new Page(limit, filter.isEmpty() ? Filters.ALL : filters.compile(filter));
      fill(page, resource, call, tables, beforeId);
      return Answer.ok(page.shown(resource.listName(), call));
    });
  }

  private <R> void fill(
      Page page, Resource<R> resource, Call call, Store.Tables tables, String beforeId) {
    String position = beforeId;
    int scanned = 0;
    while (!page.isFull() && scanned < MAX_SCANNED) {
      // One more than asked for tells whether there is a next page.
      List<R> rows = resource.table(tables).page(position, page.limit() + 1);
      for (R row : rows) {
        if (page.isFull()) {
          page.more();
          return;
        }
        position = resource.id(row);
        page.offer(position, resource.show(row, call, tables));
      }
      if (rows.size() <= page.limit()) {
        return;
      }
      scanned += rows.size();
    }
    page.more();
  }

  private static int limit(Call call) {
    String text = call.query().get("limit");
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    if (text.matches("\\d{1,3}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 100) {
      return Integer.parseInt(text);
    }
    throw ApiError.of(
            400, "ERR_NGROK_233", "limit: '" + text + "', expected a number from 1 to 100")
        .with("field", "limit");
  }

  private static <R> R require(Resource<R> resource, Call call, Store.Tables tables) {
    return resource
        .table(tables)
        .find(call.id())
        .orElseThrow(() -> ApiError.notFound(resource.noun(), call.id()));
  }

  private void audit(
      Store.Tables tables, Call call, String action, String id, String before, String after) {
    tables
        .audit()
        .append(
            new AuditRow(
                identifiers.next("ae"),
                call.now(),
                call.actor().id(),
                action,
                call.operation().collection(),
                id,
                before,
                after));
  }

  /** One page of a list while it fills. */
  private static final class Page {
    private final int limit;
    private final Filters.Filter filter;
    private final List<ObjectNode> objects = new ArrayList<>();
    private String last = "";
    private boolean hasMore;

    Page(int limit, Filters.Filter filter) {
      this.limit = limit;
      this.filter = filter;
    }

    int limit() {
      return limit;
    }

    boolean isFull() {
      return objects.size() == limit;
    }

    void offer(String id, ObjectNode object) {
      last = id;
      if (filter.accepts(object)) {
        objects.add(object);
      }
    }

    void more() {
      hasMore = true;
    }

    ObjectNode shown(String listName, Call call) {
      ObjectNode shown = Json.object();
      ArrayNode list = shown.putArray(listName);
      objects.forEach(list::add);
      String path = call.baseUrl() + "/" + call.operation().collection();
      shown.put("uri", call.rawQuery().isEmpty() ? path : path + "?" + call.rawQuery());
      if (hasMore && !last.isEmpty()) {
        shown.put("next_page_uri", path + "?" + nextQuery(call));
      } else {
        shown.putNull("next_page_uri");
      }
      return shown;
    }

    private String nextQuery(Call call) {
      StringBuilder query = new StringBuilder("before_id=").append(encoded(last));
      call.query()
          .forEach((name, value) -> {
            if (!name.equals("before_id")) {
              query.append('&').append(encoded(name)).append('=').append(encoded(value));
            }
          });
      return query.toString();
    }

    private static String encoded(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
  }
}
