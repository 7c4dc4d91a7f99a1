package dev.keygate.server;

import dev.keygate.live.ProviderKey;
import dev.keygate.secret.Secret;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Managed provider keys that the operator gives as {@code OPENAI_API_KEY} and its like. */
final class EnvironmentKeys {
  private EnvironmentKeys() {}

  /** The keys set for these providers; an empty variable counts as not set. */
  static List<ProviderKey> read(Map<String, String> environment, Collection<String> providerIds) {
    return providerIds.stream()
        .filter(id -> !environment.getOrDefault(variable(id), "").isBlank())
        .map(id ->
            new ProviderKey(
                variable(id), id, Secret.of(environment.getOrDefault(variable(id), "").strip())))
        .toList();
  }

  /** {@code openai} → {@code OPENAI_API_KEY}. */
  static String variable(String providerId) {
    return providerId.toUpperCase(Locale.ROOT).replace('-', '_') + "_API_KEY";
  }
}
