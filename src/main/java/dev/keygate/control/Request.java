package dev.keygate.control;

import java.util.Optional;

/**
 * A call as it arrived.
 *
 * @param path raw, starting with a slash
 * @param rawQuery without the question mark; empty for none
 * @param baseUrl scheme and host that the client called, or the configured public URL
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
record Request(
    String method,
    String path,
    String rawQuery,
    String baseUrl,
    Optional<String> authorization,
    Optional<String> version,
    Optional<String> idempotencyKey,
    byte[] body) {
  @Override
  public String toString() {
    return method + " " + path;
  }
}
