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
  public String prefix() {
    return "ak";
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
  public ObjectNode fields(ManagementKeyRow row) {
    ObjectNode shown = Json.object();
    shown.put("id", row.id());
    shown.put("uri", Links.of(COLLECTION, row.id()));
    shown.put("created_at", Json.time(row.createdAt()));
    shown.put("updated_at", Json.time(row.updatedAt()));
    shown.set("created_by", Json.actor(row.createdBy()));
    shown.put("role", row.role());
    shown.put("description", row.description());
    shown.put("metadata", row.metadata());
    shown.putNull("token"); // published clients look for it in every answer
    return shown;
  }

  @Override
  public Created<ManagementKeyRow> create(Change change) {
    Call call = change.call();
    ManagementToken token = ManagementToken.generate(random);
    ManagementKeyRow row =
        new ManagementKeyRow(
            identifiers.next("ak"),
            change.now(),
            change.now(),
            change.actor(),
            token.hash().toBytes(),
            // Published clients send none: they get the least that those need.
            call.text("role", Role.EDITOR.toString()),
            call.text("description", ""),
            call.text("metadata", ""));
    change.tables().managementKeys().insert(row);
    return new Created<>(row, Optional.of(token.reveal()));
  }

  @Override
  public ManagementKeyRow update(ManagementKeyRow row, Change change) {
    Call call = change.call();
    String role = call.text("role", row.role());
    if (!role.equals(row.role())) {
      checkNotLastAdmin(row, change);
    }
    return new ManagementKeyRow(
        row.id(),
        row.createdAt(),
        change.now(),
        row.createdBy(),
        row.tokenHash(),
        role,
        call.text("description", row.description()),
        call.text("metadata", row.metadata()));
  }

  @Override
  public void beforeDelete(ManagementKeyRow row, Change change) {
    checkNotLastAdmin(row, change);
  }

  static boolean isLastAdmin(ManagementKeyRow row, Change change) {
    String admin = Role.ADMIN.toString();
    return row.role().equals(admin) && change.tables().managementKeys().countOfRole(admin) == 1;
  }

  /** Without an admin nobody could make one any more. */
  private static void checkNotLastAdmin(ManagementKeyRow row, Change change) {
    if (isLastAdmin(row, change)) {
      throw ApiError.of(
          ErrorCode.LAST_ADMIN,
          "This is the last management key with the role admin. Make another one first.");
    }
  }
}
