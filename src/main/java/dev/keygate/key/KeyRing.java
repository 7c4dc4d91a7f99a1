package dev.keygate.key;

import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All gateway keys of this node, by lookup id. A check costs one hash of the token and one map
 * look-up, however many keys there are. Safe for use from any thread; a change is seen by the next
 * check.
 */
public final class KeyRing {
  private static final KeyCheck MALFORMED = new KeyCheck.Invalid(KeyCheck.Reason.MALFORMED);
  private static final KeyCheck UNKNOWN = new KeyCheck.Invalid(KeyCheck.Reason.UNKNOWN);
  private static final KeyCheck WRONG_SECRET = new KeyCheck.Invalid(KeyCheck.Reason.WRONG_SECRET);
  private static final KeyCheck DISABLED = new KeyCheck.Invalid(KeyCheck.Reason.DISABLED);
  private static final KeyCheck EXPIRED = new KeyCheck.Invalid(KeyCheck.Reason.EXPIRED);

  private final ConcurrentHashMap<String, GatewayKey> byLookupId = new ConcurrentHashMap<>();
  private final InstantSource clock;

  public KeyRing(InstantSource clock) {
    this.clock = clock;
  }

  /** Checks the text that a client presented as its key. */
  public KeyCheck check(String presented) {
    KeyToken token = KeyToken.parse(presented);
    if (token == null) {
      return MALFORMED;
    }
    GatewayKey key = byLookupId.get(token.lookupId());
    if (key == null) {
      return UNKNOWN;
    }
    if (!key.hash().matches(token.hash())) {
      return WRONG_SECRET;
    }
    if (key.disabled()) {
      return DISABLED;
    }
    if (key.expiresAt() != null && key.isExpired(clock.instant())) {
      return EXPIRED;
    }
    return new KeyCheck.Valid(key);
  }

  /** Adds the key, or replaces the one with the same lookup id. */
  public void put(GatewayKey key) {
    byLookupId.put(key.lookupId(), key);
  }

  /** Takes the key out; the next check of it finds it unknown. */
  public @Nullable GatewayKey remove(String lookupId) {
    return byLookupId.remove(lookupId);
  }

  public int size() {
    return byLookupId.size();
  }
}
