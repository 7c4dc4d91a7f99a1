package dev.keygate.key;

import java.time.Instant;

/**
 * A token that was its gateway key's own until the key was rotated or deleted.
 *
 * @param keyId the key that it opens until it ends
 * @param endsAt first instant at which it is refused
 */
public record RetiredToken(String lookupId, TokenHash hash, String keyId, Instant endsAt) {

  /** Whether it still opens its key at {@code now}. */
  boolean isGood(Instant now) {
    return now.isBefore(endsAt);
  }
}
