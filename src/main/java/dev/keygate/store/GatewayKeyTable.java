package dev.keygate.store;

import java.time.Instant;
import java.util.Map;

/** Gateway API keys. */
public interface GatewayKeyTable extends Table<GatewayKeyRow> {
  /** Moves {@code last_used} forward, never back; not a change in the sense of the change feed. */
  void touch(Map<String, Instant> lastUsedById);

  /** How many keys belong to the endpoint. */
  long countOfEndpoint(String endpointId);
}
