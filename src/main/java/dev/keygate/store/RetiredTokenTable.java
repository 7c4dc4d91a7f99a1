package dev.keygate.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Retired tokens, owned by their gateway keys, which they outlive. */
public interface RetiredTokenTable extends OwnedTable<RetiredTokenRow> {
  Optional<RetiredTokenRow> findByLookupId(String lookupId);

  /** Those that are not refused yet at {@code now}. */
  List<RetiredTokenRow> inGrace(Instant now);

  /** Moves {@code last_used} forward, never back; not a change in the sense of the change feed. */
  void touch(Map<String, Instant> lastUsedByLookupId);

  /** Adds refusals, by lookup id; not a change in the sense of the change feed. */
  void refused(Map<String, Refused> byLookupId);

  /**
   * How often a token was refused.
   *
   * @param last when it was for the last time
   */
  record Refused(long count, Instant last) {}
}
