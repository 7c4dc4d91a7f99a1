package dev.keygate.ai;

import dev.keygate.ai.ProviderConfig.KeyNeed;
import dev.keygate.exchange.Exchange;
import dev.keygate.key.GatewayKey;
import dev.keygate.live.LiveState;
import dev.keygate.live.ProviderKey;
import java.util.List;

/**
 * With which keys a provider may be called for a gateway key (SPEC.md section 8): those attached to
 * the gateway key, exclusively when there is one; else the policy's own; else managed ones; else
 * none, where none is needed.
 */
final class KeyChoice {
  private final LiveState live;
  private final Selection selection;

  KeyChoice(LiveState live, Selection selection) {
    this.live = live;
    this.selection = selection;
  }

  /** What there is to call a provider with. */
  sealed interface Keys {
    /**
     * At least one key, in the order in which they are tried.
     *
     * @param source whose they are
     */
    record These(List<ProviderKey> keys, KeySource source) implements Keys {}

    /**
     * No key of the server's.
     *
     * @param source whose credential is used in its place, if any
     */
    record NoneNeeded(KeySource source) implements Keys {}

    record Missing() implements Keys {}

    /** There are keys, and the policy's strategies leave none of them. */
    record LeftOut() implements Keys {}
  }

  private static final Keys NONE_NEEDED = new Keys.NoneNeeded(KeySource.NONE);
  private static final Keys MISSING = new Keys.Missing();
  private static final Keys LEFT_OUT = new Keys.LeftOut();

  /** The keys for this provider, as the policy's strategies choose among them. */
  Keys keysFor(Provider provider, Exchange exchange) {
    Keys keys = known(provider, exchange);
    if (!selection.choosesKeys() || !(keys instanceof Keys.These these)) {
      return keys;
    }
    List<ProviderKey> chosen = selection.keys(these.keys(), exchange);
    return chosen.isEmpty() ? LEFT_OUT : new Keys.These(chosen, these.source());
  }

  private Keys known(Provider provider, Exchange exchange) {
    GatewayKey gatewayKey = exchange.key();
    if (gatewayKey != null) {
      List<ProviderKey> attached = attached(gatewayKey, provider);
      if (!attached.isEmpty()) {
        return new Keys.These(attached, KeySource.ATTACHED);
      }
    }
    if (!provider.configuredKeys().isEmpty()) {
      // A policy that says with which keys is not answered with others when those are gone.
      List<ProviderKey> configured = provider.configuredKeys().keys(exchange);
      return configured.isEmpty() ? MISSING : new Keys.These(configured, KeySource.POLICY);
    }
    List<ProviderKey> managed = live.managedProviderKeys(provider.id());
    if (!managed.isEmpty()) {
      return new Keys.These(managed, KeySource.MANAGED);
    }
    return withoutKey(provider);
  }

  /** What there is when there is no key. */
  static Keys withoutKey(Provider provider) {
    return provider.keyNeed() == KeyNeed.OPTIONAL ? NONE_NEEDED : MISSING;
  }

  private List<ProviderKey> attached(GatewayKey gatewayKey, Provider provider) {
    List<ProviderKey> all = live.attachedProviderKeys(gatewayKey.id());
    if (all.isEmpty()) {
      return all;
    }
    return all.stream().filter(key -> key.providerId().equals(provider.id())).toList();
  }
}
