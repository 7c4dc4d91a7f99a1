package dev.keygate.control;

import dev.keygate.live.KeyLimitsJson;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The fields of a gateway API key that limit it, between calls and the stored object. */
final class GatewayKeyLimits {
  private static final List<String> FIELDS =
      List.of(
          "requests_per_minute",
          "tokens_per_minute",
          "max_concurrent",
          "allowed_cidrs",
          "allowed_models",
          "allowed_providers");

  private GatewayKeyLimits() {}

  /**
   * The stored limits with what a body says of them: a field that is null is no limit any more.
   *
   * @throws ApiError if the data plane could not read them
   */
  static String merged(String stored, ObjectNode body) {
    ObjectNode limits = object(stored);
    for (String field : FIELDS) {
      JsonNode value = body.get(field);
      if (value != null && value.isNull()) {
        limits.remove(field);
      } else if (value != null) {
        limits.set(field, value);
      }
    }
    String merged = limits.toString();
    try {
      KeyLimitsJson.read(merged);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      int colon = message.indexOf(": ");
      throw ApiError.invalid(message.substring(0, colon), message.substring(colon + 2));
    }
    return merged;
  }

  /** Shows every field; null where there is no limit. */
  static void show(String stored, ObjectNode shown) {
    ObjectNode limits = object(stored);
    for (String field : FIELDS) {
      JsonNode value = limits.get(field);
      if (value == null) {
        shown.putNull(field);
      } else {
        shown.set(field, value);
      }
    }
  }

  private static ObjectNode object(String json) {
    return (ObjectNode) JsonMapper.shared().readTree(json);
  }
}
