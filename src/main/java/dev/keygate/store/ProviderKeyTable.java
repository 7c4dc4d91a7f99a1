package dev.keygate.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Provider keys, attached and managed. */
public interface ProviderKeyTable extends Table<ProviderKeyRow> {
  /** Newest first. */
  List<ProviderKeyRow> attachedTo(String gatewayKeyId);

  /** Moves {@code last_used} forward, never back; not a change in the sense of the change feed. */
  void touch(Map<String, Instant> lastUsedById);
}
