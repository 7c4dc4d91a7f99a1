package dev.keygate.control;

import dev.keygate.identifier.Identifiers;
import dev.keygate.store.Store;
import dev.keygate.store.Table;
import dev.keygate.store.VaultRow;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** {@code /vaults}. */
final class Vaults implements Resource<VaultRow> {
  static final String COLLECTION = "vaults";
  static final String PREFIX = "vault";

  /** What stands in {@code secrets.get('vault', 'secret')} without escapes. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private final Identifiers identifiers;

  Vaults(Identifiers identifiers) {
    this.identifiers = identifiers;
  }

  @Override
  public String collection() {
    return COLLECTION;
  }

  @Override
  public String prefix() {
    return PREFIX;
  }

  @Override
  public String noun() {
    return "vault";
  }

  @Override
  public Table<VaultRow> table(Store.Tables tables) {
    return tables.vaults();
  }

  @Override
  public String id(VaultRow row) {
    return row.id();
  }

  @Override
  public ObjectNode fields(VaultRow row) {
    ObjectNode shown = Json.object();
    shown.put("id", row.id());
    shown.put("uri", Links.of(COLLECTION, row.id()));
    shown.put("created_at", Json.time(row.createdAt()));
    shown.put("updated_at", Json.time(row.updatedAt()));
    shown.put("name", row.name());
    shown.put("description", row.description());
    shown.put("metadata", row.metadata());
    // A text here and a reference everywhere else: published clients read it so.
    shown.put("created_by", row.createdBy());
    shown.put("last_updated_by", row.lastUpdatedBy());
    return shown;
  }

  @Override
  public Created<VaultRow> create(Change change) {
    Call call = change.call();
    String id = identifiers.next(prefix());
    VaultRow row =
        new VaultRow(
            id,
            change.now(),
            change.now(),
            change.actor(),
            change.actor(),
            name(call, id, change.tables()),
            call.text("description", ""),
            call.text("metadata", ""));
    change.tables().vaults().insert(row);
    return new Created<>(row, Optional.empty());
  }

  @Override
  public VaultRow update(VaultRow row, Change change) {
    Call call = change.call();
    return new VaultRow(
        row.id(),
        row.createdAt(),
        change.now(),
        row.createdBy(),
        change.actor(),
        call.body().has("name") ? name(call, row.id(), change.tables()) : row.name(),
        call.text("description", row.description()),
        call.text("metadata", row.metadata()));
  }

  @Override
  public void beforeDelete(VaultRow row, Change change) {
    int secrets = change.tables().secrets().of(row.id()).size();
    if (secrets > 0) {
      throw ApiError.of(
              ErrorCode.VAULT_IN_USE, "The vault has " + secrets + " secrets. Delete them first.")
          .with("secrets", Integer.toString(secrets));
    }
  }

  private static String name(Call call, String ownId, Store.Tables tables) {
    String name = checkedName(call.text("name", ""));
    tables
        .vaults()
        .forEach(other -> {
          if (other.name().equals(name) && !other.id().equals(ownId)) {
            throw ApiError.inField(
                ErrorCode.NAME_TAKEN, "name", "vault " + other.id() + " has this name already");
          }
        });
    return name;
  }

  /** A name of a vault or secret. */
  static String checkedName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw ApiError.invalid(
          "name", "expected 1 to 128 letters, digits, dots, dashes and underscores");
    }
    return name;
  }
}
