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

  private final ConcurrentHashMap<LookupId, Held> byLookupId = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Held> byId = new ConcurrentHashMap<>();
  private final RetiredTokens retired;
  private final InstantSource clock;

  private record Held(GatewayKey key, KeyUse use) {
    KeyCheck.Valid by(String retiredLookupId) {
      return new KeyCheck.Valid(key, use, retiredLookupId);
    }
  }

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
    Held held = byLookupId.get(token.lookup());
    if (held == null) {
      return checkRetired(token);
    }
    if (!held.key().hash().matches(token.hash())) {
      return WRONG_SECRET;
    }
    return check(held, "");
  }

  private KeyCheck checkRetired(KeyToken presented) {
    RetiredToken token = retired.find(presented);
    if (token == null) {
      return UNKNOWN;
    }
    Instant now = clock.instant();
    Held held = token.isGood(now) ? byId.get(token.keyId()) : null;
    if (held == null) {
      retired.refused(token, now);
      return RETIRED;
    }
    return check(held, token.lookupId());
  }

  private KeyCheck check(Held held, String retiredLookupId) {
    GatewayKey key = held.key();
    if (key.disabled()) {
      return DISABLED;
    }
    if (key.expiresAt() != null && key.isExpired(clock.instant())) {
      return EXPIRED;
    }
    return held.by(retiredLookupId);
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
    Held held = new Held(key, new KeyUse());
    Held before = byId.put(key.id(), held);
    byLookupId.put(key.lookupId(), held);
    if (before != null && !before.key().lookupId().equals(key.lookupId())) {
      byLookupId.remove(before.key().lookupId());
    }
  }

  /** Takes the key out; the next check of it finds it unknown. */
  public @Nullable GatewayKey remove(String id) {
    Held before = byId.remove(id);
    if (before == null) {
      return null;
    }
    byLookupId.remove(before.key().lookupId());
    return before.key();
  }

  /** Ids of all keys. */
  public Set<String> ids() {
    return Set.copyOf(byId.keySet());
  }

  public int size() {
    return byId.size();
  }
}
