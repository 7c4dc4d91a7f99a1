package dev.keygate.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token that was its gateway key's own until the key was rotated or deleted.
 *
 * @param gatewayKeyId the key, which may be gone
 * @param tokenHash SHA-256 of the token, 32 bytes
 * @param expiresAt first instant at which the token is refused
 * @param lastUsed when it last let a request in, to a second, or null when it never did
 * @param refusals how often it was presented after that
 * @param lastRefused when it last was, to a second, or null when it never was
 */
@SuppressWarnings("ArrayRecordComponent") // compared by id, never by value
public record RetiredTokenRow(
    String id,
    String gatewayKeyId,
    String lookupId,
    byte[] tokenHash,
    String displayName,
    Instant retiredAt,
    Instant expiresAt,
    @Nullable Instant lastUsed,
    long refusals,
    @Nullable Instant lastRefused) {

  /** The same token, refused from {@code instant} on. */
  public RetiredTokenRow endingAt(Instant instant) {
    return new RetiredTokenRow(
        id,
        gatewayKeyId,
        lookupId,
        tokenHash,
        displayName,
        retiredAt,
        instant,
        lastUsed,
        refusals,
        lastRefused);
  }
}
