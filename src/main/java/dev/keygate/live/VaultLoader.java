package dev.keygate.live;

import dev.keygate.secret.Envelope;
import dev.keygate.secret.Secret;
import dev.keygate.store.SecretRow;
import dev.keygate.store.Store;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens stored secrets and publishes them. All at once: they are few and seldom change, and a vault
 * that gets another name takes its secrets along.
 */
public final class VaultLoader {
  private static final Logger LOG = LoggerFactory.getLogger(VaultLoader.class);

  private final Envelope envelope;

  public VaultLoader(Envelope envelope) {
    this.envelope = envelope;
  }

  /**
   * Publishes every secret. One that cannot be opened is missing to policies, which then refuse.
   */
  void load(Store.Tables tables, LiveState live) {
    Map<String, String> names = new HashMap<>();
    Map<String, Map<String, Secret>> byVault = new HashMap<>();
    tables
        .vaults()
        .forEach(row -> {
          names.put(row.id(), row.name());
          byVault.put(row.name(), new HashMap<>());
        });
    tables
        .secrets()
        .forEach(row -> {
          Secret value = open(row);
          Map<String, Secret> vault = byVault.get(names.getOrDefault(row.vaultId(), ""));
          if (value != null && vault != null) {
            vault.put(row.name(), value);
          }
        });
    live.publishSecrets(byVault);
  }

  private @Nullable Secret open(SecretRow row) {
    try {
      return envelope.open(row.sealedValue(), row.id());
    } catch (GeneralSecurityException e) {
      LOG.error("secret {} is not used: it cannot be opened: {}", row.id(), e.getMessage());
      return null;
    }
  }
}
