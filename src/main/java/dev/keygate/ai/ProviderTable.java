package dev.keygate.ai;

import dev.keygate.ai.ProviderConfig.KeyNeed;
import dev.keygate.exchange.Format;
import dev.keygate.live.ProviderKey;
import dev.keygate.secret.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The providers that requests may go to, by id: the built-in ones of {@code providers.json}, as an
 * operator and then a policy changed and extended them. Immutable.
 */
public final class ProviderTable {
  private static final String RESOURCE = "providers.json";

  private final Map<String, Provider> byId;

  private ProviderTable(Map<String, Provider> byId) {
    this.byId = byId;
  }

  /**
   * The built-in providers.
   *
   * @throws IllegalStateException if the program was packed without its table
   */
  public static ProviderTable builtIn() {
    try (InputStream in = ProviderTable.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("no " + RESOURCE + " beside " + ProviderTable.class);
      }
      Map<String, Provider> providers = new LinkedHashMap<>();
      for (JsonNode entry : new JsonMapper().readTree(in.readAllBytes()).path("providers")) {
        String id = entry.path("id").asString();
        providers.put(
            id, new Provider(id, baseUrls(entry), KeyNeed.REQUIRED, List.of(), List.of()));
      }
      return new ProviderTable(providers);
    } catch (IOException e) {
      throw new IllegalStateException(RESOURCE + " cannot be read", e);
    }
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
      moved.put(id, changed(provider, ProviderConfig.at(id, baseUrl)));
    });
    return new ProviderTable(moved);
  }

  /**
   * These providers with a policy's own entries.
   *
   * @throws IllegalArgumentException if a custom provider has no base URL
   */
  public ProviderTable with(List<ProviderConfig> entries) {
    if (entries.isEmpty()) {
      return this;
    }
    Map<String, Provider> all = new LinkedHashMap<>(byId);
    for (ProviderConfig entry : entries) {
      Provider known = all.get(entry.id());
      all.put(entry.id(), known == null ? custom(entry) : changed(known, entry));
    }
    return new ProviderTable(all);
  }

  /** The ids, built-in providers first. */
  public Set<String> ids() {
    return byId.keySet();
  }

  /** The provider with this id in any letter case, or null. */
  @Nullable Provider find(String id) {
    Provider exact = byId.get(id);
    return exact != null ? exact : byId.get(id.toLowerCase(Locale.ROOT));
  }

  Collection<Provider> all() {
    return byId.values();
  }

  private static Provider custom(ProviderConfig entry) {
    BaseUrl baseUrl = entry.baseUrl();
    if (baseUrl == null) {
      throw new IllegalArgumentException(
          "provider '" + entry.id() + "' is not built in: expected a base_url");
    }
    Set<Format> formats = entry.formats().isEmpty() ? Set.of(Format.OPENAI) : entry.formats();
    return new Provider(
        entry.id(),
        everywhere(formats, baseUrl),
        entry.keyNeed() == null ? KeyNeed.OPTIONAL : entry.keyNeed(),
        keys(entry),
        lowerCase(entry.forwardHeaders()));
  }

  private static Provider changed(Provider known, ProviderConfig entry) {
    Set<Format> formats = entry.formats().isEmpty() ? known.baseUrls().keySet() : entry.formats();
    Map<Format, BaseUrl> baseUrls =
        entry.baseUrl() == null ? known.baseUrls() : everywhere(formats, entry.baseUrl());
    return new Provider(
        known.id(),
        baseUrls,
        entry.keyNeed() == null ? known.keyNeed() : entry.keyNeed(),
        entry.apiKeys().isEmpty() ? known.configuredKeys() : keys(entry),
        entry.forwardHeaders().isEmpty()
            ? known.forwardHeaders()
            : lowerCase(entry.forwardHeaders()));
  }

  private static Map<Format, BaseUrl> everywhere(Set<Format> formats, BaseUrl baseUrl) {
    Map<Format, BaseUrl> baseUrls = new EnumMap<>(Format.class);
    formats.forEach(format -> baseUrls.put(format, baseUrl));
    return baseUrls;
  }

  /** A policy's keys have no row of their own; their place in the list names them. */
  private static List<ProviderKey> keys(ProviderConfig entry) {
    List<ProviderKey> keys = new ArrayList<>();
    for (Secret secret : entry.apiKeys()) {
      String id = entry.id() + ".api_keys[" + keys.size() + ']';
      keys.add(new ProviderKey(id, entry.id(), secret));
    }
    return keys;
  }

  private static List<String> lowerCase(List<String> names) {
    return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }

  private static Map<Format, BaseUrl> baseUrls(JsonNode entry) {
    Map<Format, BaseUrl> baseUrls = new EnumMap<>(Format.class);
    for (Map.Entry<String, JsonNode> url : entry.path("base_urls").properties()) {
      Format format = Format.valueOf(url.getKey().toUpperCase(Locale.ROOT));
      baseUrls.put(format, BaseUrl.parse(url.getValue().asString()));
    }
    return baseUrls;
  }
}
