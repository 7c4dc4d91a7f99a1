package dev.keygate.key;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All gateway keys of this node, by lookup id. A check costs one hash of the token and one map
 * look-up, however many keys there are. Safe for use from any thread, one of which changes it; a
 * change is seen by the next check.
 *
 * <p>A key that was rotated has two tokens for a while: its own, and the one before it among the
 * {@link RetiredTokens}. Whichever is presented, the key is the same.
 */
public final class KeyRing {
  private static final KeyCheck MALFORMED = new KeyCheck.Invalid(KeyCheck.Reason.MALFORMED);
  private static final KeyCheck UNKNOWN = new KeyCheck.Invalid(KeyCheck.Reason.UNKNOWN);
  private static final KeyCheck WRONG_SECRET = new KeyCheck.Invalid(KeyCheck.Reason.WRONG_SECRET);
  private static final KeyCheck DISABLED = new KeyCheck.Invalid(KeyCheck.Reason.DISABLED);
  private static final KeyCheck EXPIRED = new KeyCheck.Invalid(KeyCheck.Reason.EXPIRED);
  private static final KeyCheck RETIRED = new KeyCheck.Invalid(KeyCheck.Reason.RETIRED);

  private final ConcurrentHashMap<LookupId, GatewayKey> byLookupId = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, GatewayKey> byId = new ConcurrentHashMap<>();
  private final RetiredTokens retired;
  private final InstantSource clock;

  public KeyRing(InstantSource clock) {
    this.clock = clock;
    this.retired = new RetiredTokens(clock);
  }

  /** Checks the text that a client presented as its key. */
  public KeyCheck check(String presented) {
    KeyToken token = KeyToken.parse(presented);
    if (token == null) {
      return MALFORMED;
    }
    GatewayKey key = byLookupId.get(token.lookup());
    if (key == null) {
      return checkRetired(token);
    }
    if (!key.hash().matches(token.hash())) {
      return WRONG_SECRET;
    }
    return check(key, "");
  }

  private KeyCheck checkRetired(KeyToken presented) {
    RetiredToken token = retired.find(presented);
    if (token == null) {
      return UNKNOWN;
    }
    Instant now = clock.instant();
    GatewayKey key = token.isGood(now) ? byId.get(token.keyId()) : null;
    if (key == null) {
      retired.refused(token, now);
      return RETIRED;
    }
    return check(key, token.lookupId());
  }

  private KeyCheck check(GatewayKey key, String retiredLookupId) {
    if (key.disabled()) {
      return DISABLED;
    }
    if (key.expiresAt() != null && key.isExpired(clock.instant())) {
      return EXPIRED;
    }
    return new KeyCheck.Valid(key, retiredLookupId);
  }

  /** Tokens that are no key's own any more. */
  public RetiredTokens retired() {
    return retired;
  }

  /**
   * Adds the key, or replaces the one with the same id. A token that it had before is refused from
   * then on, unless it was retired before this.
   */
  public void put(GatewayKey key) {
    GatewayKey before = byId.put(key.id(), key);
    byLookupId.put(key.lookupId(), key);
    if (before != null && !before.lookupId().equals(key.lookupId())) {
      byLookupId.remove(before.lookupId());
    }
  }

  /** Takes the key out; the next check of it finds it unknown. */
  public @Nullable GatewayKey remove(String id) {
    GatewayKey before = byId.remove(id);
    if (before != null) {
      byLookupId.remove(before.lookupId());
    }
    return before;
  }

  /** Ids of all keys. */
  public Set<String> ids() {
    return Set.copyOf(byId.keySet());
  }

  public int size() {
    return byId.size();
  }
}
