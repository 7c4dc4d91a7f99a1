package dev.keygate.ai;

import dev.keygate.exchange.Format;
import dev.keygate.secret.Secret;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the {@code ai-gateway} action's {@code providers}: a custom provider, or what is
 * different about a built-in one.
 *
 * @param id lower case; any id that is not built in is a custom provider
 * @param baseUrl where it is, or null for a built-in provider's own
 * @param formats what it speaks; empty for a built-in provider's own, or OpenAI's for a custom one
 * @param keyNeed whether it is called without a key, or null for the default: built-in providers
 *     need one, custom ones do not
 * @param apiKeys in the order in which they are tried
 * @param forwardHeaders names of client headers it gets beyond the allow-list of SPEC.md section 6
 */
public record ProviderConfig(
    String id,
    @Nullable BaseUrl baseUrl,
    Set<Format> formats,
    @Nullable KeyNeed keyNeed,
    List<Secret> apiKeys,
    List<String> forwardHeaders) {

  /** Whether a provider is called without a key. */
  public enum KeyNeed {
    REQUIRED,
    OPTIONAL
  }

  public ProviderConfig {
    id = id.toLowerCase(Locale.ROOT);
    formats = Set.copyOf(formats);
    apiKeys = List.copyOf(apiKeys);
    forwardHeaders = List.copyOf(forwardHeaders);
  }

  /** A provider at {@code baseUrl} with every other setting at its default. */
  public static ProviderConfig at(String id, BaseUrl baseUrl) {
    return new ProviderConfig(id, baseUrl, Set.of(), null, List.of(), List.of());
  }
}
