package dev.keygate.usage;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When keys were last used, to a second, until a writer takes it to the store. Safe for use from
 * any thread; marking the same key again within a second costs one map look-up and no allocation.
 */
public final class LastUsed {
  private final ConcurrentHashMap<String, Instant> pending = new ConcurrentHashMap<>();
  private final InstantSource clock;

  public LastUsed(InstantSource clock) {
    this.clock = clock;
  }

  /** The second that is noted now, since 1970. */
  public long second() {
    return clock.millis() / 1000;
  }

  /** Notes that the key with this id was used now. */
  public void mark(String keyId) {
    long second = second();
    Instant known = pending.get(keyId);
    if (known == null || known.getEpochSecond() < second) {
      pending.put(keyId, Instant.ofEpochSecond(second));
    }
  }

  /** Notes an earlier use that could not be written; never moves a time back. */
  public void restore(String keyId, Instant at) {
    pending.merge(keyId, at, (known, earlier) -> known.isBefore(earlier) ? earlier : known);
  }

  /** Everything noted since the last call. */
  public Map<String, Instant> drain() {
    Map<String, Instant> taken = new HashMap<>();
    // One key at a time: a use noted meanwhile is either taken here or kept for the next call.
    for (String id : pending.keySet()) {
      Instant at = pending.remove(id);
      if (at != null) {
        taken.put(id, at);
      }
    }
    return taken;
  }
}
