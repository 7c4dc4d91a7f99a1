package dev.keygate.server;

import dev.keygate.identifier.Identifiers;
import dev.keygate.secret.MasterKey;
import dev.keygate.secret.MasterKeyEnvelope;
import dev.keygate.secret.MasterKeys;
import dev.keygate.secret.Secret;
import dev.keygate.store.AuditRow;
import dev.keygate.store.ProviderKeyRow;
import dev.keygate.store.SecretRow;
import dev.keygate.store.SqlStore;
import dev.keygate.store.Store;
import dev.keygate.store.StoreException;
import dev.keygate.store.StoreSettings;
import dev.keygate.store.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Seals everything that is sealed under another master key, while the gateway runs or not.
 *
 * <p>The new key is put before the old one in the file, then every row is sealed anew, a few in
 * each transaction, and then, when none is left under the old key, that leaves the file. Each row
 * names its key and the file holds both until the end, so that a rotation that was interrupted, at
 * whatever point, harms nothing and is finished by the next. A running node reads the file before
 * it seals, inside a write transaction; each change of the file is made inside one too, after a
 * look at file and store: what is sealed after the last is sealed under the new key, and of two
 * rotations at the same moment the second goes on with the first one's key.
 */
public final class MasterKeyRotation {
  private static final int ROWS_AT_A_TIME = 100;

  private static final String OTHERS_NEED_IT_FIRST =
      "Other nodes need the new key before anything is sealed under it. Put a new one (openssl rand"
          + " -base64 32) before the old one, in KEYGATE_MASTER_KEY or the file master-key of every"
          + " node; nodes that have it from the variable must be restarted. Then run this again.";

  private static final String NAME_THE_DATABASE =
      "The master key stays as it is. If the gateway has its settings elsewhere, name them with"
          + " --config, or its database with --data-dir or --database-url.";

  private final Store store;
  private final MasterKeyEnvelope envelope;
  private final InstantSource clock;
  private final List<String> unreadable = new ArrayList<>();
  private int resealed;

  private MasterKeyRotation(Store store, MasterKeyEnvelope envelope, InstantSource clock) {
    this.store = store;
    this.envelope = envelope;
    this.clock = clock;
  }

  /**
   * What was done.
   *
   * @param resealed how many values
   * @param newest id of the key that everything is sealed under
   * @param kept where the keys from before are kept for old backups; empty when they stay where
   *     they are
   */
  public record Outcome(int resealed, String newest, List<Path> kept) {}

  /**
   * Rotates, or finishes a rotation.
   *
   * @param environment for {@link MasterKeys#VARIABLE}
   * @throws StartFailedException saying what is in the way; nothing is lost
   */
  public static Outcome run(ServerSettings settings, Map<String, String> environment) {
    DataDirectory data = DataDirectory.open(settings.dataDir());
    Secret variable = Secret.of(environment.getOrDefault(MasterKeys.VARIABLE, ""));
    boolean isOurs = variable.isEmpty() && settings.databaseUrl().isEmpty();
    if (variable.isEmpty() && !Files.exists(data.masterKey())) {
      throw new StartFailedException(
          "There is no master key in " + data.path() + ": see --data-dir.");
    }
    StoreSettings database = data.storeSettings(settings.databaseUrl());
    if (database instanceof StoreSettings.Sqlite(Path file) && !Files.exists(file)) {
      throw new StartFailedException("There is no database " + file + ". " + NAME_THE_DATABASE);
    }
    try (Store store = SqlStore.open(database)) {
      Path keyFile = isOurs ? data.masterKey() : null;
      List<MasterKey> keys =
          store.write(tables -> begun(tables, read(variable, data.masterKey()), keyFile));
      MasterKeyRotation rotation =
          new MasterKeyRotation(store, new MasterKeyEnvelope(keys), InstantSource.system());
      return rotation.rotate(keys, keyFile);
    } catch (UncheckedIOException | IllegalArgumentException | StoreException e) {
      throw new StartFailedException("cannot rotate the master key: " + e.getMessage(), e);
    }
  }

  /** The keys with a new one before them, unless a rotation was begun that is to be finished. */
  private static List<MasterKey> begun(
      Store.Tables tables, List<MasterKey> keys, @Nullable Path file) {
    if (keys.size() == 1 && file == null) {
      throw new StartFailedException(OTHERS_NEED_IT_FIRST);
    }
    // A gateway that stores its keys elsewhere must not lose its master key over an empty database.
    if (sealed(tables) == 0) {
      throw new StartFailedException("Nothing in this database is sealed. " + NAME_THE_DATABASE);
    }
    if (keys.size() > 1 || file == null) {
      return keys;
    }
    List<MasterKey> both = List.of(MasterKey.generate(), keys.getFirst());
    try {
      MasterKeys.replace(file, both);
      return both;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<MasterKey> read(Secret variable, Path file) {
    try {
      return MasterKeys.read(variable, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private Outcome rotate(List<MasterKey> keys, @Nullable Path file) {
    resealProviderKeys();
    resealSecrets();
    if (!unreadable.isEmpty()) {
      throw new StartFailedException(
          "These values open under none of the master keys, so that the old keys are kept: "
              + String.join(", ", unreadable));
    }
    List<Path> kept = new ArrayList<>();
    store.write(tables -> {
      requireNoneLeft(tables);
      tables.audit().append(audit(keys));
      if (file != null) {
        kept.addAll(dropOld(keys, file));
      }
      return kept;
    });
    return new Outcome(resealed, keys.getFirst().id(), kept);
  }

  private void resealProviderKeys() {
    reseal(
        Store.Tables::providerKeys,
        ProviderKeyRow::id,
        ProviderKeyRow::sealedValue,
        (row, sealed) ->
            new ProviderKeyRow(
                row.id(),
                row.createdAt(),
                row.updatedAt(),
                row.createdBy(),
                row.lastUpdatedBy(),
                row.providerId(),
                row.gatewayKeyId(),
                sealed,
                row.displayName(),
                row.description(),
                row.metadata(),
                row.lastUsed()));
  }

  private void resealSecrets() {
    reseal(
        Store.Tables::secrets,
        SecretRow::id,
        SecretRow::sealedValue,
        (row, sealed) ->
            new SecretRow(
                row.id(),
                row.createdAt(),
                row.updatedAt(),
                row.createdBy(),
                row.lastUpdatedBy(),
                row.vaultId(),
                row.name(),
                sealed,
                row.description(),
                row.metadata()));
  }

  @FunctionalInterface
  private interface WithValue<R> {
    R with(R row, byte[] sealed);
  }

  private <R> void reseal(
      Function<Store.Tables, Table<R>> table,
      Function<R, String> id,
      Function<R, byte[]> value,
      WithValue<R> changed) {
    String before = "";
    List<R> rows;
    do {
      String from = before;
      rows =
          store.write(tables -> {
            List<R> page = table.apply(tables).page(from, ROWS_AT_A_TIME);
            for (R row : page) {
              if (!envelope.isSealedByNewest(value.apply(row))) {
                resealOne(table.apply(tables), row, id.apply(row), value.apply(row), changed);
              }
            }
            return page;
          });
      before = rows.isEmpty() ? "" : id.apply(rows.getLast());
    } while (rows.size() == ROWS_AT_A_TIME);
  }

  private <R> void resealOne(
      Table<R> table, R row, String id, byte[] sealed, WithValue<R> changed) {
    try {
      table.update(changed.with(row, envelope.seal(envelope.open(sealed, id), id)));
      resealed++;
    } catch (GeneralSecurityException e) {
      unreadable.add(id);
    }
  }

  private void requireNoneLeft(Store.Tables tables) {
    int[] left = new int[1];
    tables.providerKeys().forEach(row -> left[0] += old(row.sealedValue()));
    tables.secrets().forEach(row -> left[0] += old(row.sealedValue()));
    if (left[0] > 0) {
      throw new StartFailedException(
          left[0]
              + " values were sealed under the old master key meanwhile, by a node that does not"
              + " have the new one. The old key is kept; run this again.");
    }
  }

  /** How many values in the store are sealed. */
  static long sealed(Store.Tables tables) {
    return tables.providerKeys().count() + tables.secrets().count();
  }

  private int old(byte[] sealed) {
    return envelope.isSealedByNewest(sealed) ? 0 : 1;
  }

  private AuditRow audit(List<MasterKey> keys) {
    return new AuditRow(
        new Identifiers(clock).next("ae"),
        clock.instant(),
        "keygate",
        "rotate",
        "master_key",
        keys.getFirst().id(),
        "",
        "{\"resealed\":" + resealed + "}");
  }

  private static List<Path> dropOld(List<MasterKey> keys, Path file) {
    List<Path> kept = new ArrayList<>();
    try {
      if (!MasterKeys.read(null, file).getFirst().id().equals(keys.getFirst().id())) {
        throw new StartFailedException(
            "Another rotation began meanwhile, and both its keys are kept; run this again.");
      }
      for (MasterKey old : keys.subList(1, keys.size())) {
        Path own = file.resolveSibling(file.getFileName() + "." + old.id());
        MasterKeys.keep(own, old);
        kept.add(own);
      }
      MasterKeys.replace(file, keys.subList(0, 1));
      return kept;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
