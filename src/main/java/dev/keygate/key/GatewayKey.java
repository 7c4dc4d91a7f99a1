package dev.keygate.key;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a gateway API key, but for what its token is checked against.
 *
 * @param id {@code aigk_…}
 * @param endpointId the one endpoint it is good for
 * @param expiresAt first instant at which it is refused, or null
 */
public record GatewayKey(
    String id,
    String endpointId,
    String description,
    String metadata,
    boolean disabled,
    @Nullable Instant expiresAt,
    KeyLimits limits) {

  /** A key without limits. */
  public GatewayKey(
      String id,
      String endpointId,
      String description,
      String metadata,
      boolean disabled,
      @Nullable Instant expiresAt) {
    this(id, endpointId, description, metadata, disabled, expiresAt, KeyLimits.NONE);
  }

  /** Whether the key has expired at {@code now}. */
  public boolean isExpired(Instant now) {
    return expiresAt != null && !now.isBefore(expiresAt);
  }
}
