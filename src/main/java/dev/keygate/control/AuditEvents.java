package dev.keygate.control;

import dev.keygate.store.AuditRow;
import dev.keygate.store.Store;
import dev.keygate.store.Table;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code /audit_events}: who changed what, when, from what to what. Only ever read. */
final class AuditEvents implements Resource<AuditRow> {
  private static final JsonMapper JSON = new JsonMapper();

  @Override
  public String collection() {
    return "audit_events";
  }

  @Override
  public String prefix() {
    return "ae";
  }

  @Override
  public String noun() {
    return "audit event";
  }

  @Override
  public Table<AuditRow> table(Store.Tables tables) {
    return new Log(tables.audit());
  }

  @Override
  public String id(AuditRow row) {
    return row.id();
  }

  @Override
  public ObjectNode fields(AuditRow row) {
    ObjectNode shown = Json.object();
    shown.put("id", row.id());
    shown.put("created_at", Json.time(row.at()));
    shown.set("actor", Json.actor(row.actor()));
    shown.put("action", row.action());
    shown.put("resource", row.resource());
    shown.put("resource_id", row.resourceId());
    put(shown, "before", row.before());
    put(shown, "after", row.after());
    return shown;
  }

  @Override
  public Created<AuditRow> create(Change change) {
    throw ReadOnlyTable.refused();
  }

  @Override
  public AuditRow update(AuditRow row, Change change) {
    throw ReadOnlyTable.refused();
  }

  private static void put(ObjectNode shown, String field, String json) {
    if (json.isEmpty()) {
      shown.putNull(field);
    } else {
      shown.set(field, JSON.readTree(json));
    }
  }

  /** The log as lists read it. */
  private static final class Log extends ReadOnlyTable<AuditRow> {
    private final Store.AuditTable rows;

    Log(Store.AuditTable rows) {
      this.rows = rows;
    }

    @Override
    public List<AuditRow> page(String beforeId, int limit) {
      return rows.page(beforeId, limit);
    }
  }
}
