package dev.keygate.store;

import java.time.Instant;

/** A vault as stored: secrets are kept under its name, which no other vault has. */
public record VaultRow(
    String id,
    Instant createdAt,
    Instant updatedAt,
    String createdBy,
    String lastUpdatedBy,
    String name,
    String description,
    String metadata) {}
