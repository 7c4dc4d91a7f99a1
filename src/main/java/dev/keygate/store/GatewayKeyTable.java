package dev.keygate.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gateway API keys. */
public interface GatewayKeyTable extends Table<GatewayKeyRow> {
  Optional<GatewayKeyRow> findByLookupId(String lookupId);

  /** Moves {@code last_used} forward, never back; not a change in the sense of the change feed. */
  void touch(Map<String, Instant> lastUsedById);

  /**
   * Newest first: the keys whose id, display name, description or metadata contains {@code text},
   * in whatever case ASCII letters are.
   *
   * @param endpointId empty for keys of every endpoint
   * @param text empty for all
   * @param beforeId only rows older than this one; empty for the first page
   * @param limit 1 or more
   */
  List<GatewayKeyRow> search(String endpointId, String text, String beforeId, int limit);

  /** How many keys belong to the endpoint. */
  long countOfEndpoint(String endpointId);
}
