package dev.keygate.ai.catalog;

import dev.keygate.exchange.Format;
import java.util.List;
import java.util.Map;

/**
 * What is known of a provider.
 *
 * @param id in lower case, like the aliases
 * @param website empty where none is known
 * @param baseUrls where it is, for each format it speaks
 */
public record ProviderFacts(
    String id,
    List<String> aliases,
    String displayName,
    String website,
    Map<Format, String> baseUrls) {
  public ProviderFacts {
    aliases = List.copyOf(aliases);
    baseUrls = Map.copyOf(baseUrls);
  }
}
