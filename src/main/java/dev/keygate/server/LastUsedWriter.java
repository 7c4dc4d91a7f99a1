package dev.keygate.server;

import dev.keygate.store.Store;
import dev.keygate.store.StoreException;
import dev.keygate.usage.LastUsed;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what {@link LastUsed} noted to the store, many keys in one transaction. */
final class LastUsedWriter implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(LastUsedWriter.class);

  private final Store store;
  private final LastUsed gatewayKeys;
  private final LastUsed providerKeys;

  LastUsedWriter(Store store, LastUsed gatewayKeys, LastUsed providerKeys) {
    this.store = store;
    this.gatewayKeys = gatewayKeys;
    this.providerKeys = providerKeys;
  }

  @Override
  public void run() {
    Map<String, Instant> gateway = gatewayKeys.drain();
    Map<String, Instant> provider = providerKeys.drain();
    if (gateway.isEmpty() && provider.isEmpty()) {
      return;
    }
    try {
      store.write(tables -> {
        tables.gatewayKeys().touch(gateway);
        tables.providerKeys().touch(provider);
        return gateway.size();
      });
    } catch (StoreException e) {
      // Noted again, so that nothing is lost while the store is away.
      gateway.forEach(gatewayKeys::restore);
      provider.forEach(providerKeys::restore);
      LOG.debug("last_used is written later: {}", e.getMessage());
    }
  }
}
