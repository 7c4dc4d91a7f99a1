package dev.keygate.live;

import dev.keygate.key.GatewayKey;
import dev.keygate.key.KeyRing;
import dev.keygate.key.LookupId;
import dev.keygate.key.TokenHash;
import dev.keygate.policy.action.IpPolicy;
import dev.keygate.policy.action.IpPolicySource;
import dev.keygate.policy.expression.SecretSource;
import dev.keygate.secret.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The in-memory truth that requests are served from: gateway keys, endpoints with their compiled
 * policies, provider keys. The data plane reads it without locks; the control plane publishes into
 * it after the store has committed. A published change is seen by the next request.
 */
public final class LiveState {
  private final InstantSource clock;
  private final KeyRing keys;
  private final Freshness freshness;
  private final ConcurrentHashMap<String, List<ProviderKey>> attached = new ConcurrentHashMap<>();
  private volatile Map<String, List<ProviderKey>> managed = Map.of();
  private volatile EndpointTable endpoints = EndpointTable.EMPTY;
  private final Vaults vaults = new Vaults();
  private final IpPolicyTable ipPolicies = new IpPolicyTable();

  /**
   * @param maxKeyAge how old the view may grow while the store is away (SPEC.md section 4)
   */
  public LiveState(InstantSource clock, Duration maxKeyAge) {
    this.clock = clock;
    this.keys = new KeyRing(clock);
    this.freshness = new Freshness(maxKeyAge, new Clocks(System::nanoTime, clock));
  }

  public KeyRing keys() {
    return keys;
  }

  /** The time by the clock of this view. */
  public Instant now() {
    return clock.instant();
  }

  /** How current this view is. */
  public Freshness freshness() {
    return freshness;
  }

  /** The secrets of all vaults. */
  public SecretSource secrets() {
    return vaults;
  }

  /** The IP policies, as {@code restrict-ips} asks for them. */
  public IpPolicySource ipPolicies() {
    return ipPolicies;
  }

  /** Replaces all secrets, by vault name and secret name. */
  void publishSecrets(Map<String, Map<String, Secret>> byVault) {
    vaults.replace(byVault);
  }

  /** Adds, replaces or, with null, takes out an IP policy. */
  void publishIpPolicy(String id, @Nullable IpPolicy policy) {
    ipPolicies.put(id, policy);
  }

  /** Takes out every IP policy whose id is not among these. */
  void retainIpPolicies(Set<String> ids) {
    ipPolicies.retain(ids);
  }

  /** The endpoint that answers for a host, or null (SPEC.md section 5). */
  public @Nullable LiveEndpoint endpointFor(String authority) {
    return endpoints.match(authority);
  }

  /** All endpoints, in no order. */
  public Stream<LiveEndpoint> endpoints() {
    return endpoints.all();
  }

  /** Keys attached to the gateway key, newest first, of every provider. */
  public List<ProviderKey> attachedProviderKeys(String gatewayKeyId) {
    return attached.getOrDefault(gatewayKeyId, List.of());
  }

  /** Keys the operator gave to the whole gateway for this provider, in order of use. */
  public List<ProviderKey> managedProviderKeys(String providerId) {
    return managed.getOrDefault(providerId, List.of());
  }

  /** Ids of the providers that have a managed key. */
  public Stream<String> managedProviders() {
    return managed.keySet().stream();
  }

  /** Adds or replaces a gateway key, and what its token is checked against. */
  public void publish(GatewayKey key, LookupId lookupId, TokenHash hash) {
    keys.put(key, lookupId, hash);
  }

  /** Takes a gateway key and what is attached to it out; it is refused when this returns. */
  public void withdrawKey(String id) {
    keys.remove(id);
    attached.remove(id);
  }

  /** Ids of all gateway keys, for the caller to do with as it likes. */
  Set<String> keyIds() {
    Set<String> ids = new HashSet<>();
    keys.forEach(key -> ids.add(key.id()));
    return ids;
  }

  /** Replaces all endpoints. Called by one thread at a time. */
  void replaceEndpoints(Collection<LiveEndpoint> all) {
    endpoints = EndpointTable.of(all);
  }

  /** Replaces what is attached to a gateway key; newest first. */
  public void publishAttached(String gatewayKeyId, List<ProviderKey> providerKeys) {
    if (providerKeys.isEmpty()) {
      attached.remove(gatewayKeyId);
    } else {
      attached.put(gatewayKeyId, List.copyOf(providerKeys));
    }
  }

  /** Replaces all managed keys, by provider id, in order of use. */
  public void publishManaged(Map<String, List<ProviderKey>> byProvider) {
    managed = Map.copyOf(byProvider);
  }

  /** Adds or replaces an endpoint. Called by one thread at a time. */
  public void publish(LiveEndpoint endpoint) {
    endpoints = endpoints.with(endpoint);
  }

  /** Takes an endpoint out. Called by one thread at a time. */
  public void withdrawEndpoint(String id) {
    endpoints = endpoints.without(id);
  }

  /** The endpoint with this id, or null. */
  public @Nullable LiveEndpoint endpoint(String id) {
    return endpoints.byId(id);
  }
}
