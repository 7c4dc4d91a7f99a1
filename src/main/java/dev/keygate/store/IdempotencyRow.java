package dev.keygate.store;

import java.time.Instant;

/**
 * The first answer to a POST that carried an {@code Idempotency-Key}.
 *
 * @param actor management key that sent it: two keys' idempotency keys never meet
 * @param requestHash hash of method, path and body; a repeat with another body is an error
 * @param status HTTP status of the answer; 0 while the first request still runs
 * @param body the answer without any token
 */
public record IdempotencyRow(
    String actor, String idempotencyKey, String requestHash, int status, String body, Instant at) {}
