package dev.keygate.control;

import dev.keygate.store.ManagementKeyRow;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * One call that was authenticated, permitted and checked.
 *
 * @param actor the management key that calls
 * @param id identifier at the end of the path, or empty
 * @param query decoded parameters
 * @param rawQuery as sent, for the links of pages; empty for none
 * @param body an empty object where there is none
 * @param ticket with which a repeat of the call is known
 * @param now one instant for everything the call writes
 */
record Call(
    Operation operation,
    ManagementKeyRow actor,
    String id,
    Map<String, String> query,
    String rawQuery,
    ObjectNode body,
    Optional<Idempotency.Ticket> ticket,
    Instant now) {

  /** A text field of the body, or {@code otherwise} when it is not there. */
  String text(String field, String otherwise) {
    return body.has(field) ? body.get(field).asString() : otherwise;
  }

  /** A boolean field of the body, or {@code otherwise} when it is not there. */
  boolean flag(String field, boolean otherwise) {
    return body.has(field) ? body.get(field).asBoolean() : otherwise;
  }
}
