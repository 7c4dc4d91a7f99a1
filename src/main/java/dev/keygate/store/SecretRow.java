package dev.keygate.store;

import java.time.Instant;

/**
 * A secret as stored.
 *
 * @param name no other secret of the vault has it
 * @param sealedValue the value under envelope encryption, bound to {@code id}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by id, never by value
public record SecretRow(
    String id,
    Instant createdAt,
    Instant updatedAt,
    String createdBy,
    String lastUpdatedBy,
    String vaultId,
    String name,
    byte[] sealedValue,
    String description,
    String metadata) {}
