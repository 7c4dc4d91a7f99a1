package dev.keygate.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A provider key as stored.
 *
 * @param gatewayKeyId the gateway key it is attached to, or null for a managed key
 * @param sealedValue the value under envelope encryption, bound to {@code id}
 * @param displayName redacted form of the value
 */
@SuppressWarnings("ArrayRecordComponent") // compared by id, never by value
public record ProviderKeyRow(
    String id,
    Instant createdAt,
    Instant updatedAt,
    String createdBy,
    String lastUpdatedBy,
    String providerId,
    @Nullable String gatewayKeyId,
    byte[] sealedValue,
    String displayName,
    String description,
    String metadata,
    @Nullable Instant lastUsed) {}
