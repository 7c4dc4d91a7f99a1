package dev.keygate.ai;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.function.Consumer;

/**
 * A request as a provider gets it.
 *
 * @param target path and query
 * @param headers writes the headers, but for {@code Host} and {@code Content-Length}
 */
record UpstreamRequest(
    BaseUrl baseUrl, HttpMethod method, String target, Consumer<MultiMap> headers, Buffer body) {

  /** Says where to, and nothing of what is in it. */
  @Override
  public String toString() {
    return method + " " + baseUrl;
  }
}
