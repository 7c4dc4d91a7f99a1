package dev.keygate.control;

import dev.keygate.store.RetiredTokenRow;
import dev.keygate.store.Store;
import dev.keygate.store.Table;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /retired_tokens}: tokens that were rotated out or deleted with their key, and whether
 * somebody still presents them. Only the gateway itself makes and changes them.
 */
final class RetiredTokenList implements Resource<RetiredTokenRow> {
  static final String COLLECTION = "retired_tokens";

  @Override
  public String collection() {
    return COLLECTION;
  }

  @Override
  public String prefix() {
    return "rt";
  }

  @Override
  public String noun() {
    return "retired token";
  }

  @Override
  public Table<RetiredTokenRow> table(Store.Tables tables) {
    return tables.retiredTokens();
  }

  @Override
  public String id(RetiredTokenRow row) {
    return row.id();
  }

  @Override
  public ObjectNode fields(RetiredTokenRow row) {
    ObjectNode shown = Json.object();
    shown.put("id", row.id());
    shown.put("uri", Links.of(COLLECTION, row.id()));
    shown.set("ai_gateway_api_key", Json.ref(GatewayKeys.COLLECTION, row.gatewayKeyId()));
    shown.put("lookup_id", row.lookupId());
    shown.put("display_name", row.displayName());
    shown.put("retired_at", Json.time(row.retiredAt()));
    shown.put("expires_at", Json.time(row.expiresAt()));
    Json.putTime(shown, "last_used", row.lastUsed());
    shown.put("refusals", row.refusals());
    Json.putTime(shown, "last_refused", row.lastRefused());
    return shown;
  }

  @Override
  public Created<RetiredTokenRow> create(Change change) {
    throw new IllegalStateException("the contract has no such operation");
  }

  @Override
  public RetiredTokenRow update(RetiredTokenRow row, Change change) {
    throw new IllegalStateException("the contract has no such operation");
  }
}
