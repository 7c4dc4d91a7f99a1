package dev.keygate.server;

import dev.keygate.key.RetiredTokens;
import dev.keygate.store.RetiredTokenTable.Refused;
import dev.keygate.store.Store;
import dev.keygate.store.StoreException;
import dev.keygate.usage.LastUsed;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes to the store what was noted of keys and tokens while requests came: when they were last
 * used, and how often retired ones were refused. Many in one transaction.
 */
final class LastUsedWriter implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(LastUsedWriter.class);

  private final Store store;
  private final LastUsed gatewayKeys;
  private final LastUsed providerKeys;
  private final RetiredTokens retired;

  /**
   * @param gatewayKeys by the keys' ids, and by the lookup ids of retired tokens
   */
  LastUsedWriter(Store store, LastUsed gatewayKeys, LastUsed providerKeys, RetiredTokens retired) {
    this.store = store;
    this.gatewayKeys = gatewayKeys;
    this.providerKeys = providerKeys;
    this.retired = retired;
  }

  @Override
  public void run() {
    Map<String, Instant> gateway = gatewayKeys.drain();
    Map<String, Instant> provider = providerKeys.drain();
    Map<String, RetiredTokens.Refusals> refusals = retired.drain();
    if (gateway.isEmpty() && provider.isEmpty() && refusals.isEmpty()) {
      return;
    }
    try {
      write(gateway, provider, refusals);
    } catch (StoreException e) {
      // Noted again, so that nothing is lost while the store is away.
      gateway.forEach(gatewayKeys::restore);
      provider.forEach(providerKeys::restore);
      refusals.forEach(retired::restore);
      LOG.debug("last_used is written later: {}", e.getMessage());
    }
  }

  private void write(
      Map<String, Instant> gateway,
      Map<String, Instant> provider,
      Map<String, RetiredTokens.Refusals> refusals) {
    Map<String, Instant> keys = new HashMap<>(gateway);
    // Identifiers have an underscore, and lookup ids have none.
    keys.keySet().removeIf(id -> id.indexOf('_') < 0);
    Map<String, Instant> tokens = new HashMap<>(gateway);
    tokens.keySet().removeAll(keys.keySet());
    Map<String, Refused> refused = new HashMap<>();
    refusals.forEach(
        (lookupId, noted) -> refused.put(lookupId, new Refused(noted.count(), noted.last())));
    store.write(tables -> {
      tables.gatewayKeys().touch(keys);
      tables.retiredTokens().touch(tokens);
      tables.providerKeys().touch(provider);
      tables.retiredTokens().refused(refused);
      return keys.size();
    });
  }
}
