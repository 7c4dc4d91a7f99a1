package dev.keygate.key;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All gateway keys of this node, by lookup id. A check costs one hash of the token and one map
 * look-up, however many keys there are. Safe for use from any thread; a change is seen by the next
 * check.
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

  private final KeyIndex<LookupId, HeldKey> byLookupId = new ByLookupId();
  private final KeyIndex<String, HeldKey> byId = new ById();
  private final RetiredTokens retired;
  private final InstantSource clock;

  private static final class ByLookupId extends KeyIndex<LookupId, HeldKey> {
    @Override
    LookupId nameOf(HeldKey held) {
      return held.lookupId();
    }

    @Override
    boolean hasName(HeldKey held, LookupId lookupId) {
      return held.hasLookupId(lookupId);
    }
  }

  private static final class ById extends KeyIndex<String, HeldKey> {
    @Override
    String nameOf(HeldKey held) {
      return held.key().id();
    }

    @Override
    boolean hasName(HeldKey held, String id) {
      return held.key().id().equals(id);
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
    HeldKey held = byLookupId.find(token.lookup());
    if (held == null) {
      return checkRetired(token);
    }
    if (!held.hasHash(token.hash())) {
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
    HeldKey held = token.isGood(now) ? byId.find(token.keyId()) : null;
    if (held == null) {
      retired.refused(token, now);
      return RETIRED;
    }
    return check(held, token.lookupId());
  }

  private KeyCheck check(HeldKey held, String retiredLookupId) {
    GatewayKey key = held.key();
    if (key.disabled()) {
      return DISABLED;
    }
    if (key.expiresAt() != null && key.isExpired(clock.instant())) {
      return EXPIRED;
    }
    return new KeyCheck.Valid(key, held, retiredLookupId);
  }

  /** Tokens that are no key's own any more. */
  public RetiredTokens retired() {
    return retired;
  }

  /**
   * Adds the key, or replaces the one with the same id. A token that it had before is refused from
   * then on, unless it was retired before this.
   */
  public synchronized void put(GatewayKey key, LookupId lookupId, TokenHash hash) {
    HeldKey held = new HeldKey(key, lookupId, hash);
    HeldKey before = byId.put(held);
    byLookupId.put(held);
    if (before != null && !before.hasLookupId(lookupId)) {
      byLookupId.remove(before.lookupId());
    }
  }

  /** Takes the key out; the next check of it finds it unknown. */
  public synchronized @Nullable GatewayKey remove(String id) {
    HeldKey before = byId.remove(id);
    if (before == null) {
      return null;
    }
    byLookupId.remove(before.lookupId());
    return before.key();
  }

  /** Does this with every key. */
  public void forEach(Consumer<GatewayKey> action) {
    byId.forEach(held -> action.accept(held.key()));
  }

  public synchronized int size() {
    return byId.size();
  }
}
