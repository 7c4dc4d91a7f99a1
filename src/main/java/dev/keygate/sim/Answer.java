package dev.keygate.sim;

import io.vertx.core.buffer.Buffer;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What is answered, before any fault is done to it. */
sealed interface Answer {

  /** A body known at once. */
  record Whole(int status, String contentType, List<Map.Entry<String, String>> headers, Buffer body)
      implements Answer {}

  /**
   * A stream of server-sent events, each complete with its empty line; made as they are written.
   */
  record Events(Iterator<String> frames) implements Answer {}

  static Answer json(JsonNode body) {
    return new Whole(200, "application/json", List.of(), Buffer.buffer(body.toString()));
  }

  static Answer text(String body) {
    return new Whole(200, "text/plain; charset=utf-8", List.of(), Buffer.buffer(body));
  }

  static Answer bytes(String contentType, byte[] body) {
    return new Whole(200, contentType, List.of(), Buffer.buffer(body));
  }

  /**
   * The parts one after the other; unlike {@code flatMap}, no part is made before it is asked for.
   */
  static Answer events(List<Stream<String>> parts) {
    return new Events(parts.stream().reduce(Stream.empty(), Stream::concat).iterator());
  }
}
