package dev.keygate.control;

import dev.keygate.identifier.Identifiers;
import dev.keygate.secret.Envelope;
import dev.keygate.secret.Secret;
import dev.keygate.store.SecretRow;
import dev.keygate.store.Store;
import dev.keygate.store.Table;
import dev.keygate.store.VaultRow;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** {@code /vault_secrets}. A value goes in, and never comes out. */
final class VaultSecrets implements Resource<SecretRow> {
  static final String COLLECTION = "vault_secrets";

  private static final int MAX_BYTES = 16 * 1024;

  private final Identifiers identifiers;
  private final Envelope envelope;

  VaultSecrets(Identifiers identifiers, Envelope envelope) {
    this.identifiers = identifiers;
    this.envelope = envelope;
  }

  @Override
  public String collection() {
    return COLLECTION;
  }

  @Override
  public String prefix() {
    return "secret";
  }

  @Override
  public String noun() {
    return "secret";
  }

  @Override
  public String listName() {
    return "secrets";
  }

  @Override
  public Table<SecretRow> table(Store.Tables tables) {
    return tables.secrets();
  }

  @Override
  public String id(SecretRow row) {
    return row.id();
  }

  @Override
  public ObjectNode fields(SecretRow row) {
    ObjectNode shown = Json.object();
    shown.put("id", row.id());
    shown.put("uri", Links.of(COLLECTION, row.id()));
    shown.put("created_at", Json.time(row.createdAt()));
    shown.put("updated_at", Json.time(row.updatedAt()));
    shown.put("name", row.name());
    shown.put("description", row.description());
    shown.put("metadata", row.metadata());
    shown.set("created_by", Json.actor(row.createdBy()));
    shown.set("last_updated_by", Json.actor(row.lastUpdatedBy()));
    shown.set("vault", Json.ref(Vaults.COLLECTION, row.vaultId()));
    return shown;
  }

  @Override
  public ObjectNode show(SecretRow row, Store.Tables tables) {
    String vault = tables.vaults().find(row.vaultId()).map(VaultRow::name).orElse("");
    return fields(row).put("vault_name", vault);
  }

  @Override
  public Created<SecretRow> create(Change change) {
    Call call = change.call();
    String id = identifiers.next(prefix());
    VaultRow vault = vault(call, change.tables());
    String name = name(call, id, vault.id(), change.tables());
    SecretRow row =
        new SecretRow(
            id,
            change.now(),
            change.now(),
            change.actor(),
            change.actor(),
            vault.id(),
            name,
            envelope.seal(value(call), id),
            call.text("description", ""),
            call.text("metadata", ""));
    change.tables().secrets().insert(row);
    return new Created<>(row, Optional.empty());
  }

  @Override
  public SecretRow update(SecretRow row, Change change) {
    Call call = change.call();
    return new SecretRow(
        row.id(),
        row.createdAt(),
        change.now(),
        row.createdBy(),
        change.actor(),
        row.vaultId(),
        call.body().has("name") ? name(call, row.id(), row.vaultId(), change.tables()) : row.name(),
        call.body().has("value") ? envelope.seal(value(call), row.id()) : row.sealedValue(),
        call.text("description", row.description()),
        call.text("metadata", row.metadata()));
  }

  /** The secrets of one vault, as a list. */
  Lists.Source<SecretRow> ofVault(String vaultId) {
    return new Lists.Source<>(
        Links.of(Vaults.COLLECTION, vaultId) + "/secrets",
        (tables, beforeId, limit) -> {
          if (existing(vaultId, tables).isEmpty()) {
            throw ApiError.notFound("vault", vaultId);
          }
          return tables.secrets().page(vaultId, beforeId, limit);
        });
  }

  /** A call that makes a secret, with the vault that its path names. */
  static Call intoVault(Call call) {
    call.body().put("vault_id", call.id());
    return call;
  }

  private static Optional<VaultRow> existing(String id, Store.Tables tables) {
    return Identifiers.isIdentifier(Vaults.PREFIX, id)
        ? tables.vaults().find(id)
        : Optional.empty();
  }

  /** The vault that a secret goes into, named by its identifier or by its name. */
  private static VaultRow vault(Call call, Store.Tables tables) {
    String id = call.text("vault_id", "");
    String name = call.text("vault_name", "");
    if (id.isEmpty() == name.isEmpty()) {
      throw ApiError.invalid("vault_id", "expected either vault_id or vault_name");
    }
    Optional<VaultRow> found = id.isEmpty() ? named(name, tables) : existing(id, tables);
    return found.orElseThrow(() -> ApiError.notFound("vault", id.isEmpty() ? name : id));
  }

  private static Optional<VaultRow> named(String name, Store.Tables tables) {
    VaultRow[] found = new VaultRow[1];
    tables
        .vaults()
        .forEach(vault -> {
          if (vault.name().equals(name)) {
            found[0] = vault;
          }
        });
    return Optional.ofNullable(found[0]);
  }

  private static String name(Call call, String ownId, String vaultId, Store.Tables tables) {
    String name = Vaults.checkedName(call.text("name", ""));
    for (SecretRow other : tables.secrets().of(vaultId)) {
      if (other.name().equals(name) && !other.id().equals(ownId)) {
        throw ApiError.inField(
            ErrorCode.NAME_TAKEN,
            "name",
            "secret " + other.id() + " of this vault has this name already");
      }
    }
    return name;
  }

  private static Secret value(Call call) {
    String value = call.text("value", "");
    if (value.isEmpty() || value.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw ApiError.invalid("value", "expected 1 to " + MAX_BYTES + " bytes");
    }
    return Secret.of(value);
  }
}
