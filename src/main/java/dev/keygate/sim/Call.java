package dev.keygate.sim;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import tools.jackson.databind.JsonNode;

/**
 * One request as the API shapes see it.
 *
 * @param number counts from 1; ids in answers are made of it
 * @param route the path after the last {@code /v1/}, such as {@code chat/completions}
 * @param json the body as a JSON object, a missing node when it is none
 * @param model what the body names as the model, empty when nothing
 * @param unixSeconds when the answer is made
 */
record Call(
    long number,
    String method,
    String route,
    MultiMap headers,
    Buffer body,
    JsonNode json,
    String model,
    Faults faults,
    long unixSeconds) {

  /** An id such as {@code chatcmpl-sim00000001}. */
  String id(String prefix) {
    String digits = Long.toString(number);
    return prefix + "sim" + "0".repeat(Math.max(0, 8 - digits.length())) + digits;
  }
}
