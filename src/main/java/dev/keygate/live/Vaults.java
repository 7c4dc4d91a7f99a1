package dev.keygate.live;

import dev.keygate.policy.expression.SecretSource;
import dev.keygate.secret.Secret;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The secrets of all vaults by the names that policies use. Read without locks. */
final class Vaults implements SecretSource {
  private volatile Map<String, Map<String, Secret>> byVault = Map.of();

  @Override
  public @Nullable Secret find(String vault, String secret) {
    Map<String, Secret> secrets = byVault.get(vault);
    return secrets == null ? null : secrets.get(secret);
  }

  /** Replaces all; the next look sees it. */
  void replace(Map<String, Map<String, Secret>> all) {
    byVault = Map.copyOf(all);
  }
}
