package dev.keygate.ai;

import dev.keygate.ai.ProviderConfig.KeyNeed;
import dev.keygate.ai.catalog.Catalog;
import dev.keygate.ai.catalog.ProviderFacts;
import dev.keygate.exchange.Format;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The providers that requests may go to, by id: those of the catalog, as an operator and then a
 * policy changed and extended them. Immutable.
 */
public final class ProviderTable {
  private final Map<String, Provider> byId;
  private final Map<String, Provider> byName;

  private ProviderTable(Map<String, Provider> byId, Map<String, Provider> first) {
    this.byId = byId;
    this.byName = new HashMap<>();
    byId.values().forEach(provider -> byName.put(provider.id(), provider));
    byId.values().forEach(provider -> nameByAliases(provider, byName));
    first.values().forEach(provider -> provider.aliases().forEach(a -> byName.put(a, provider)));
  }

  private static void nameByAliases(Provider provider, Map<String, Provider> byName) {
    provider.aliases().forEach(alias -> byName.putIfAbsent(alias, provider));
  }

  /** The providers of the built-in catalog. */
  public static ProviderTable builtIn() {
    return of(Catalog.builtIn());
  }

  /**
   * The providers of a catalog.
   *
   * @throws IllegalArgumentException if a base URL is none
   */
  public static ProviderTable of(Catalog catalog) {
    Map<String, Provider> providers = new LinkedHashMap<>();
    for (ProviderFacts facts : catalog.providers()) {
      Map<Format, BaseUrl> baseUrls = new EnumMap<>(Format.class);
      facts.baseUrls().forEach((format, url) -> baseUrls.put(format, BaseUrl.parse(url)));
      providers.put(
          facts.id(),
          new Provider(
              facts.id(),
              facts.aliases(),
              baseUrls,
              Set.of(),
              KeyNeed.REQUIRED,
              ConfiguredKeys.NONE,
              List.of(),
              Map.of(),
              new Provider.About(facts.displayName(), "", facts.website(), Map.of())));
    }
    return new ProviderTable(providers, Map.of());
  }

  /**
   * The same providers elsewhere, as an operator points them at a proxy or a simulated provider:
   * every format's base URL becomes the one given for the id.
   *
   * @throws IllegalArgumentException if an id is none of these
   */
  public ProviderTable movedTo(Map<String, BaseUrl> baseUrls) {
    Map<String, Provider> moved = new LinkedHashMap<>(byId);
    baseUrls.forEach((id, baseUrl) -> {
      Provider provider = moved.get(id);
      if (provider == null) {
        throw new IllegalArgumentException(
            "provider '" + id + "': expected one of " + String.join(", ", ids()));
      }
      moved.put(id, ProviderChange.of(provider, ProviderConfig.at(id, baseUrl)));
    });
    return new ProviderTable(moved, Map.of());
  }

  /**
   * These providers with a policy's own entries, whose aliases count before all others.
   *
   * @throws IllegalArgumentException if a custom provider has no base URL
   */
  public ProviderTable with(List<ProviderConfig> entries) {
    if (entries.isEmpty()) {
      return this;
    }
    Map<String, Provider> all = new LinkedHashMap<>(byId);
    Map<String, Provider> own = new LinkedHashMap<>();
    for (ProviderConfig entry : entries) {
      Provider known = all.get(entry.id());
      Provider made =
          known == null ? ProviderChange.custom(entry) : ProviderChange.of(known, entry);
      all.put(entry.id(), made);
      own.put(entry.id(), made);
    }
    return new ProviderTable(all, own);
  }

  /** The ids, built-in providers first. */
  public Set<String> ids() {
    return new LinkedHashSet<>(byId.keySet());
  }

  /** The provider with this id or alias in any letter case, or null. */
  @Nullable Provider find(String name) {
    Provider exact = byName.get(name);
    return exact != null ? exact : byName.get(name.toLowerCase(Locale.ROOT));
  }

  Collection<Provider> all() {
    return byId.values();
  }
}
