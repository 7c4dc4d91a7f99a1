package dev.keygate.ai;

import dev.keygate.ai.ProviderConfig.KeyNeed;
import dev.keygate.exchange.Format;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a policy's entry makes of a provider. Pure. */
final class ProviderChange {
  private ProviderChange() {}

  /** A provider that only the policy knows. */
  static Provider custom(ProviderConfig entry) {
    BaseUrl baseUrl = entry.baseUrl();
    if (baseUrl == null) {
      throw new IllegalArgumentException(
          "provider '" + entry.id() + "' is not built in: expected a base_url");
    }
    Set<Format> formats = entry.surfaces().formats();
    return new Provider(
        entry.id(),
        entry.idAliases(),
        everywhere(formats.isEmpty() ? Set.of(Format.OPENAI) : formats, baseUrl),
        entry.surfaces().only(),
        entry.keyNeed() == null ? KeyNeed.OPTIONAL : entry.keyNeed(),
        ConfiguredKeys.of(entry.id(), entry.apiKeys()),
        lowerCase(entry.forwardHeaders()),
        entry.surfaces().supportedParams(),
        about(Provider.About.named(entry.id()), entry.about()));
  }

  /** A known provider with what the entry says about it. */
  static Provider of(Provider known, ProviderConfig entry) {
    Set<Format> formats = entry.surfaces().formats();
    List<String> aliases = new ArrayList<>(entry.idAliases());
    known.aliases().stream().filter(alias -> !aliases.contains(alias)).forEach(aliases::add);
    return new Provider(
        known.id(),
        aliases,
        baseUrls(known, entry),
        formats.isEmpty() ? known.surfaces() : entry.surfaces().only(),
        entry.keyNeed() == null ? known.keyNeed() : entry.keyNeed(),
        entry.apiKeys().isEmpty()
            ? known.configuredKeys()
            : ConfiguredKeys.of(known.id(), entry.apiKeys()),
        entry.forwardHeaders().isEmpty()
            ? known.forwardHeaders()
            : lowerCase(entry.forwardHeaders()),
        formats.isEmpty() ? known.supportedParams() : entry.surfaces().supportedParams(),
        about(known.about(), entry.about()));
  }

  private static Map<Format, BaseUrl> baseUrls(Provider known, ProviderConfig entry) {
    Set<Format> formats = entry.surfaces().formats();
    if (entry.baseUrl() != null) {
      return everywhere(formats.isEmpty() ? known.baseUrls().keySet() : formats, entry.baseUrl());
    }
    if (formats.isEmpty()) {
      return known.baseUrls();
    }
    Map<Format, BaseUrl> left = new EnumMap<>(Format.class);
    known
        .baseUrls()
        .forEach((format, url) -> {
          if (formats.contains(format)) {
            left.put(format, url);
          }
        });
    if (left.size() < formats.size()) {
      throw new IllegalArgumentException(
          "provider '" + known.id() + "' does not speak all of these formats: expected a base_url");
    }
    return left;
  }

  private static Provider.About about(Provider.About known, Provider.About said) {
    return new Provider.About(
        or(said.displayName(), known.displayName()),
        or(said.description(), known.description()),
        or(said.website(), known.website()),
        said.metadata().isEmpty() ? known.metadata() : said.metadata());
  }

  private static String or(String said, String known) {
    return said.isEmpty() ? known : said;
  }

  private static Map<Format, BaseUrl> everywhere(Set<Format> formats, BaseUrl baseUrl) {
    Map<Format, BaseUrl> baseUrls = new EnumMap<>(Format.class);
    formats.forEach(format -> baseUrls.put(format, baseUrl));
    return baseUrls;
  }

  private static List<String> lowerCase(List<String> names) {
    return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }
}
