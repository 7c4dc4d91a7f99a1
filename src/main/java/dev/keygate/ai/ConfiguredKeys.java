package dev.keygate.ai;

import dev.keygate.exchange.Exchange;
import dev.keygate.live.ProviderKey;
import dev.keygate.policy.expression.EvaluationException;
import dev.keygate.policy.expression.Template;
import dev.keygate.secret.Secret;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A provider's keys as a policy gives them, in order. Those that come from a vault are read from it
 * for each request, so that a secret that was changed or deleted counts at once. White space around
 * a key is no part of it. Safe for use by all event loops.
 */
final class ConfiguredKeys {
  static final ConfiguredKeys NONE = new ConfiguredKeys(List.of());

  private static final Logger LOG = LoggerFactory.getLogger(ConfiguredKeys.class);

  private final List<Source> sources;
  private final @Nullable List<ProviderKey> constant;

  private ConfiguredKeys(List<Source> sources) {
    this.sources = sources;
    this.constant = constantOf(sources);
  }

  /** Keys of a provider, named by their place in the list. */
  static ConfiguredKeys of(String providerId, List<Template> values) {
    if (values.isEmpty()) {
      return NONE;
    }
    List<Source> sources = new ArrayList<>();
    for (Template value : values) {
      sources.add(new Source(providerId + ".api_keys[" + sources.size() + ']', providerId, value));
    }
    return new ConfiguredKeys(List.copyOf(sources));
  }

  /** Whether the policy gives none, so that managed keys may be used. */
  boolean isEmpty() {
    return sources.isEmpty();
  }

  /** The keys that there are now; one whose secret is gone, or is no key, is left out. */
  List<ProviderKey> keys(Exchange exchange) {
    if (constant != null) {
      return constant;
    }
    List<ProviderKey> keys = new ArrayList<>(sources.size());
    for (Source source : sources) {
      ProviderKey key = source.key(exchange);
      if (key != null) {
        keys.add(key);
      }
    }
    return keys;
  }

  private static @Nullable List<ProviderKey> constantOf(List<Source> sources) {
    List<ProviderKey> keys = new ArrayList<>();
    for (Source source : sources) {
      String value = source.value.constant();
      if (value == null) {
        return null;
      }
      ProviderKey key = source.key(value);
      if (key != null) {
        keys.add(key);
      }
    }
    return List.copyOf(keys);
  }

  /** One entry of the list, with the key that it last was. */
  private static final class Source {
    private final String id;
    private final String providerId;
    private final Template value;
    private volatile @Nullable ProviderKey last;
    private volatile boolean isReported;

    Source(String id, String providerId, Template value) {
      this.id = id;
      this.providerId = providerId;
      this.value = value;
    }

    @Nullable ProviderKey key(Exchange exchange) {
      try {
        return key(value.render(exchange));
      } catch (EvaluationException gone) {
        return null;
      }
    }

    @Nullable ProviderKey key(String text) {
      String current = text.strip();
      if (current.isEmpty()) {
        return null;
      }
      ProviderKey known = last;
      if (known == null || !known.value().reveal().equals(current)) {
        if (!current.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
          report();
          return null;
        }
        known = new ProviderKey(id, providerId, Secret.of(current));
        last = known;
        isReported = false;
      }
      return known;
    }

    /** Once for each time that it becomes so, not for each request. */
    private void report() {
      if (!isReported) {
        isReported = true;
        LOG.error("{} is not used: expected visible ASCII characters only", id);
      }
    }
  }
}
