package dev.keygate.control;

import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a call is answered with.
 *
 * @param body empty for 204; its URIs start at the root, see {@link Links}
 * @param headers beyond those of every answer
 */
record Answer(int status, ObjectNode body, Map<String, String> headers) {
  static Answer ok(ObjectNode body) {
    return new Answer(200, body, Map.of());
  }

  static Answer created(ObjectNode body) {
    return new Answer(201, body, Map.of());
  }

  static Answer deleted() {
    return new Answer(204, JsonNodeFactory.instance.objectNode(), Map.of());
  }

  /** An answer given before, to the same call. */
  static Answer repeated(int status, ObjectNode body) {
    return new Answer(status, body, Map.of("idempotent-replayed", "true"));
  }
}
