package dev.keygate.control;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a call is answered with.
 *
 * @param body empty for 204
 */
record Answer(int status, ObjectNode body) {
  static Answer ok(ObjectNode body) {
    return new Answer(200, body);
  }

  static Answer created(ObjectNode body) {
    return new Answer(201, body);
  }

  static Answer deleted() {
    return new Answer(204, JsonNodeFactory.instance.objectNode());
  }
}
