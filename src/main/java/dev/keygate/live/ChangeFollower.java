package dev.keygate.live;

import dev.keygate.endpoint.Endpoint;
import dev.keygate.endpoint.EndpointUrl;
import dev.keygate.key.GatewayKey;
import dev.keygate.key.KeyLimits;
import dev.keygate.key.LookupId;
import dev.keygate.key.TokenHash;
import dev.keygate.policy.TrafficPolicy;
import dev.keygate.store.ChangeRow;
import dev.keygate.store.EndpointRow;
import dev.keygate.store.GatewayKeyRow;
import dev.keygate.store.Store;
import dev.keygate.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@link LiveState} equal to the store by reading the store's change feed: once after each
 * change that this node makes itself, and all the time for those that others make. Both ways are
 * the same code, so a key deleted here and one deleted on another node stop in the same manner.
 *
 * <p>Blocking: for virtual threads. One thread at a time reads the feed; the others wait for it.
 */
public final class ChangeFollower {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeFollower.class);
  private static final int BATCH = 1000;

  /** The feed does not go on from the last change that was applied. */
  private static final int GONE = -1;

  /** No place in the feed: everything is to be read. */
  private static final long NOWHERE = -1;

  private final Store store;
  private final LiveState live;
  private final PolicySource policies;
  private final ProviderKeyLoader providerKeys;
  private final VaultLoader vaults;
  private final LongPredicate told;
  private final RetiredTokenLoader retiredTokens = new RetiredTokenLoader();
  private final IpPolicyLoader ipPolicies = new IpPolicyLoader();
  private final ReentrantLock reading = new ReentrantLock();
  private long sequence = NOWHERE; // under reading
  private @Nullable GatewayKey keyBefore; // under reading

  /**
   * @param told is told the number of the last change applied whenever the changes were read, and
   *     says whether others have waited for this node until then; when they have not, or it throws,
   *     the view does not count as renewed
   */
  public ChangeFollower(
      Store store,
      LiveState live,
      PolicySource policies,
      ProviderKeyLoader providerKeys,
      VaultLoader vaults,
      LongPredicate told) {
    this.store = store;
    this.live = live;
    this.policies = policies;
    this.providerKeys = providerKeys;
    this.vaults = vaults;
    this.told = told;
  }

  /** Makes the live state what is stored now, whatever it was before. */
  public void load() {
    reading.lock();
    try {
      Clocks.Moment asOf = live.freshness().now();
      sequence = NOWHERE; // what is read only halfway is read again
      sequence = store.read(this::loadAll);
      renewed(asOf);
    } finally {
      reading.unlock();
    }
  }

  private long loadAll(Store.Tables tables) {
    // The position first: what changes while the rows are read is read once more.
    long position = tables.changes().latest();
    vaults.load(tables, live);
    ipPolicies.load(tables, live);
    List<LiveEndpoint> endpoints = new ArrayList<>();
    tables.endpoints().forEach(row -> endpoints.add(liveEndpoint(row)));
    live.replaceEndpoints(endpoints);
    retiredTokens.load(tables, live);
    Set<String> goneKeys = live.keyIds();
    tables
        .gatewayKeys()
        .forEach(row -> {
          goneKeys.remove(row.id());
          publish(row);
        });
    goneKeys.forEach(live::withdrawKey);
    providerKeys.load(tables, live);
    return position;
  }

  /**
   * Applies every change committed before the call.
   *
   * @return the number of the last change applied
   * @throws StoreException when the store does not answer; the view is then marked as out of touch
   */
  public long catchUp() {
    reading.lock();
    try {
      Clocks.Moment asOf = live.freshness().now();
      int applied;
      do {
        applied = store.read(this::applyNext);
      } while (applied == BATCH);
      if (applied == GONE) {
        load();
      } else {
        renewed(asOf);
      }
      return sequence;
    } catch (StoreException e) {
      live.freshness().storeAway();
      throw e;
    } finally {
      reading.unlock();
    }
  }

  /** Like {@link #poll}, if the view is that old or could not be renewed the last time. */
  public void pollIfOlder(Duration age) {
    if (live.freshness().isStoreAway() || live.freshness().age() >= age.toNanos()) {
      poll();
    }
  }

  /** Like {@link #catchUp}, but a store that does not answer is logged: for a timer. */
  public void poll() {
    boolean wasAway = live.freshness().isStoreAway();
    try {
      catchUp();
      if (wasAway && !live.freshness().isStoreAway()) {
        LOG.info("the store answers again");
      }
    } catch (RuntimeException e) {
      live.freshness().storeAway();
      if (!wasAway) {
        LOG.warn("the store does not answer; serving from memory: {}", e.getMessage());
      }
    }
  }

  private void renewed(Clocks.Moment asOf) {
    if (told.test(sequence)) {
      live.freshness().renewed(asOf);
    }
  }

  /** How many changes were applied, or {@link #GONE}. */
  private int applyNext(Store.Tables tables) {
    if (!tables.changes().goesOnFrom(sequence)) {
      return GONE;
    }
    List<ChangeRow> changes = tables.changes().since(sequence, BATCH);
    for (ChangeRow change : changes) {
      apply(tables, change);
      sequence = change.sequence();
    }
    return changes.size();
  }

  private void apply(Store.Tables tables, ChangeRow change) {
    switch (change.resource()) {
      case ChangeRow.GATEWAY_KEY ->
          tables
              .gatewayKeys()
              .find(change.id())
              .ifPresentOrElse(this::publish, () -> live.withdrawKey(change.id()));
      case ChangeRow.RETIRED_TOKEN -> retiredTokens.reload(tables, live, change.id());
      case ChangeRow.ENDPOINT ->
          tables
              .endpoints()
              .find(change.id())
              .ifPresentOrElse(
                  row -> live.publish(liveEndpoint(row)), () -> live.withdrawEndpoint(change.id()));
      case ChangeRow.PROVIDER_KEY -> providerKeys.reload(tables, live, change.id());
      case ChangeRow.VAULT, ChangeRow.SECRET -> vaults.load(tables, live);
      case ChangeRow.IP_POLICY -> ipPolicies.reload(tables, live, change.id());
      case ChangeRow.IP_POLICY_RULE -> ipPolicies.reloadOwner(tables, live, change.id());
      default -> {} // management keys are not part of the data plane's view
    }
  }

  private LiveEndpoint liveEndpoint(EndpointRow row) {
    Endpoint endpoint =
        new Endpoint(
            row.id(),
            EndpointUrl.parse(row.url()).hostPattern(),
            row.url(),
            row.isDefault(),
            row.disabled());
    return new LiveEndpoint(endpoint, compile(row));
  }

  private TrafficPolicy compile(EndpointRow row) {
    try {
      return policies.compile(row.trafficPolicy());
    } catch (IllegalArgumentException e) {
      // Saved documents compiled once; one that no longer does must not become an open door.
      LOG.error(
          "endpoint {} refuses all requests: its policy is invalid: {}", row.id(), e.getMessage());
      return new RefusingPolicy();
    }
  }

  private void publish(GatewayKeyRow row) {
    GatewayKey key = keyOf(row, keyBefore);
    live.publish(key, LookupId.of(row.lookupId()), TokenHash.of(row.tokenHash()));
    keyBefore = key;
  }

  /**
   * With what keys have in common held once: there may be a million of them, and those that were
   * made in one go follow each other.
   */
  private GatewayKey keyOf(GatewayKeyRow row, @Nullable GatewayKey before) {
    LiveEndpoint endpoint = live.endpoint(row.endpointId());
    KeyLimits limits = limitsOf(row);
    return new GatewayKey(
        row.id(),
        endpoint == null ? row.endpointId() : endpoint.endpoint().id(),
        heldOnce(row.description(), before == null ? "" : before.description()),
        heldOnce(row.metadata(), before == null ? "" : before.metadata()),
        row.disabled() || limits == null,
        row.expiresAt(),
        limits == null ? KeyLimits.NONE : limits);
  }

  private static String heldOnce(String text, String before) {
    if (text.isEmpty()) {
      return "";
    }
    return text.equals(before) ? before : text;
  }

  private static @Nullable KeyLimits limitsOf(GatewayKeyRow row) {
    try {
      return KeyLimitsJson.read(row.limits());
    } catch (IllegalArgumentException e) {
      // Limits are checked when they are saved; a key whose limits cannot be told has no use.
      LOG.error("key {} is refused: its limits are invalid: {}", row.id(), e.getMessage());
      return null;
    }
  }
}
