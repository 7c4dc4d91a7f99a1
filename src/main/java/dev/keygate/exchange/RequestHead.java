package dev.keygate.exchange;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * A request's line and headers as they arrived.
 *
 * @param authority {@code Host} or {@code :authority}
 * @param path raw, starting with a slash
 * @param query raw, without the question mark
 * @param httpVersion {@code HTTP/1.1} or {@code HTTP/2.0}
 */
public record RequestHead(
    String method,
    String authority,
    String path,
    @Nullable String query,
    String httpVersion,
    MultiMap headers) {
  @Override
  public String toString() {
    return method;
  }
}
