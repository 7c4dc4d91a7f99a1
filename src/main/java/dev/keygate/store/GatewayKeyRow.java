package dev.keygate.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A gateway API key as stored: nothing in it yields the token.
 *
 * @param tokenHash SHA-256 of the token, 32 bytes
 * @param createdBy id of the management key that made it
 * @param limits JSON object with the limits of SPEC.md section 3; {@code {}} for none
 * @param lastUsed to a second, or null when never used
 */
@SuppressWarnings("ArrayRecordComponent") // compared by id, never by value
public record GatewayKeyRow(
    String id,
    Instant createdAt,
    Instant updatedAt,
    String createdBy,
    String lastUpdatedBy,
    String endpointId,
    String lookupId,
    byte[] tokenHash,
    String displayName,
    String description,
    String metadata,
    boolean disabled,
    @Nullable Instant expiresAt,
    String limits,
    @Nullable Instant lastUsed) {}
