package dev.keygate.control;

import dev.keygate.identifier.Identifiers;
import dev.keygate.key.ManagementToken;
import dev.keygate.store.ManagementKeyRow;
import dev.keygate.store.Store;
import dev.keygate.store.Table;
import java.security.SecureRandom;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api_keys}: the keys with which this API is called. */
final class ManagementKeys implements Resource<ManagementKeyRow> {
  static final String COLLECTION = "api_keys";

  private final Identifiers identifiers;
  private final SecureRandom random = new SecureRandom();

  ManagementKeys(Identifiers identifiers) {
    this.identifiers = identifiers;
  }

  @Override
  public String collection() {
    return COLLECTION;
  }

  @Override
  public String noun() {
    return "management API key";
  }

  @Override
  public String listName() {
    return "keys";
  }

  @Override
  public Table<ManagementKeyRow> table(Store.Tables tables) {
    return tables.managementKeys();
  }

  @Override
  public String id(ManagementKeyRow row) {
    return row.id();
  }

  @Override
  public ObjectNode show(ManagementKeyRow row, Call call, Store.Tables tables) {
    ObjectNode shown = Json.object();
    shown.put("id", row.id());
    shown.put("uri", call.uri(COLLECTION, row.id()));
    shown.put("created_at", Json.time(row.createdAt()));
    shown.put("updated_at", Json.time(row.updatedAt()));
    shown.set("created_by", Json.ref(call, COLLECTION, row.createdBy()));
    shown.put("role", row.role());
    shown.put("description", row.description());
    shown.put("metadata", row.metadata());
    return shown;
  }

  @Override
  public Created<ManagementKeyRow> create(Call call, Store.Tables tables) {
    ManagementToken token = ManagementToken.generate(random);
    ManagementKeyRow row =
        new ManagementKeyRow(
            identifiers.next("ak"),
            call.now(),
            call.now(),
            call.actor().id(),
            token.hash().toBytes(),
            // Clients that know no roles expect a key that can do what theirs can.
            call.text("role", Role.ADMIN.toString()),
            call.text("description", ""),
            call.text("metadata", ""));
    tables.managementKeys().insert(row);
    return new Created<>(row, Optional.of(token.reveal()));
  }

  @Override
  public ManagementKeyRow update(ManagementKeyRow row, Call call, Store.Tables tables) {
    String role = call.text("role", row.role());
    if (!role.equals(row.role())) {
      checkNotLastAdmin(row, tables);
    }
    return new ManagementKeyRow(
        row.id(),
        row.createdAt(),
        call.now(),
        row.createdBy(),
        row.tokenHash(),
        role,
        call.text("description", row.description()),
        call.text("metadata", row.metadata()));
  }

  @Override
  public void checkDelete(ManagementKeyRow row, Call call, Store.Tables tables) {
    checkNotLastAdmin(row, tables);
  }

  /** Without an admin nobody could make one any more. */
  private static void checkNotLastAdmin(ManagementKeyRow row, Store.Tables tables) {
    String admin = Role.ADMIN.toString();
    long[] others = new long[1];
    tables
        .managementKeys()
        .forEach(other -> {
          if (other.role().equals(admin) && !other.id().equals(row.id())) {
            others[0]++;
          }
        });
    if (row.role().equals(admin) && others[0] == 0) {
      throw ApiError.of(
          409,
          "ERR_KEYGATE_LAST_ADMIN",
          "This is the last management key with the role admin. Make another one first.");
    }
  }
}
