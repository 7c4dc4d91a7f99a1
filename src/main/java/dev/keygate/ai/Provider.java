package dev.keygate.ai;

import dev.keygate.ai.ProviderConfig.KeyNeed;
import dev.keygate.exchange.Format;
import dev.keygate.live.ProviderKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A provider as requests are sent to it.
 *
 * @param baseUrls where it is, for each format it speaks
 * @param configuredKeys the policy's own keys for it, in the order in which they are tried
 * @param forwardHeaders client headers it gets beyond the allow-list, in lower case
 */
record Provider(
    String id,
    Map<Format, BaseUrl> baseUrls,
    KeyNeed keyNeed,
    List<ProviderKey> configuredKeys,
    List<String> forwardHeaders) {

  Provider {
    baseUrls = Map.copyOf(baseUrls);
    configuredKeys = List.copyOf(configuredKeys);
    forwardHeaders = List.copyOf(forwardHeaders);
  }

  boolean speaks(Format format) {
    return baseUrls.containsKey(format);
  }

  /** Where requests in this format go, or null when the provider does not speak it. */
  @Nullable BaseUrl baseUrl(Format format) {
    return baseUrls.get(format);
  }
}
