package dev.keygate.control;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Parts that shown objects have in common. */
final class Json {
  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** RFC 3339 in UTC, to a second. */
  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static void putTime(ObjectNode object, String field, @Nullable Instant instant) {
    if (instant == null) {
      object.putNull(field);
    } else {
      object.put(field, time(instant));
    }
  }

  /** A reference to another object. */
  static ObjectNode ref(String collection, String id) {
    return object().put("id", id).put("uri", Links.of(collection, id));
  }

  /** A reference to the management key that acted; the gateway itself has no URI. */
  static ObjectNode actor(String id) {
    return id.startsWith("ak_")
        ? ref(ManagementKeys.COLLECTION, id)
        : object().put("id", id).put("uri", "");
  }
}
