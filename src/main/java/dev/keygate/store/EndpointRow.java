package dev.keygate.store;

import java.time.Instant;

/**
 * An endpoint as stored.
 *
 * @param trafficPolicy the policy document as the operator wrote it
 * @param bindings comma-separated
 */
public record EndpointRow(
    String id,
    Instant createdAt,
    Instant updatedAt,
    String createdBy,
    String lastUpdatedBy,
    String url,
    String type,
    String bindings,
    String trafficPolicy,
    String description,
    String metadata,
    boolean poolingEnabled,
    boolean isDefault,
    boolean disabled) {}
