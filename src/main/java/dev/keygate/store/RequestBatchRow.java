package dev.keygate.store;

import java.time.Instant;

/**
 * Requests that ended about the same time.
 *
 * @param firstId the smallest of their ids
 * @param lastId the greatest
 * @param firstAt when the first of them began
 * @param lastAt when the last of them ended
 * @param records all of them, as their writer packed them
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record RequestBatchRow(
    String id,
    String firstId,
    String lastId,
    Instant firstAt,
    Instant lastAt,
    int count,
    byte[] records) {}
