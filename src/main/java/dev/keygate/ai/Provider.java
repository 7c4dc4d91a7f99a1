package dev.keygate.ai;

import dev.keygate.ai.ProviderConfig.KeyNeed;
import dev.keygate.exchange.Format;
import dev.keygate.exchange.Surface;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A provider as requests are sent to it.
 *
 * @param aliases other ids by which it is found, in lower case
 * @param baseUrls where it is, for each format it speaks
 * @param surfaces what it serves where that is less than all of its formats, else empty
 * @param configuredKeys the policy's own keys for it
 * @param forwardHeaders client headers it gets beyond the allow-list, in lower case
 * @param supportedParams for a surface, the only top-level fields that it is sent
 * @param about what it is called and labelled with
 */
record Provider(
    String id,
    List<String> aliases,
    Map<Format, BaseUrl> baseUrls,
    Set<Surface> surfaces,
    KeyNeed keyNeed,
    ConfiguredKeys configuredKeys,
    List<String> forwardHeaders,
    Map<Surface, Set<String>> supportedParams,
    About about) {

  /**
   * What people and strategies read of a provider.
   *
   * @param metadata as a policy gives it: texts, numbers, booleans, lists and maps
   */
  record About(
      String displayName, String description, String website, Map<String, Object> metadata) {
    static About named(String name) {
      return new About(name, "", "", Map.of());
    }
  }

  Provider {
    aliases = List.copyOf(aliases);
    baseUrls = Map.copyOf(baseUrls);
    surfaces = Set.copyOf(surfaces);
    forwardHeaders = List.copyOf(forwardHeaders);
    supportedParams = Map.copyOf(supportedParams);
  }

  /** A provider of which nothing else is said. */
  static Provider of(String id, Map<Format, BaseUrl> baseUrls, KeyNeed keyNeed) {
    return new Provider(
        id,
        List.of(),
        baseUrls,
        Set.of(),
        keyNeed,
        ConfiguredKeys.NONE,
        List.of(),
        Map.of(),
        About.named(id));
  }

  boolean speaks(Format format) {
    return baseUrls.containsKey(format);
  }

  /** Whether requests on the surface may be sent to it. */
  boolean serves(Surface surface) {
    return baseUrls.containsKey(surface.format())
        && (surfaces.isEmpty() || surfaces.contains(surface));
  }

  /** Where requests in this format go, or null when the provider does not speak it. */
  @Nullable BaseUrl baseUrl(Format format) {
    return baseUrls.get(format);
  }
}
