package dev.keygate.store;

import java.time.Instant;

/**
 * A management API key as stored: nothing in it yields the token.
 *
 * @param tokenHash SHA-256 of the token, 32 bytes
 * @param role {@code admin}, {@code editor} or {@code viewer}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by id, never by value
public record ManagementKeyRow(
    String id,
    Instant createdAt,
    Instant updatedAt,
    String createdBy,
    byte[] tokenHash,
    String role,
    String description,
    String metadata) {}
