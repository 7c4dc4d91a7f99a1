package dev.keygate.ai.translate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Fields that Chat Completions and Responses spell alike. */
final class SharedFields {
  static final List<String> NAMES =
      List.of("metadata", "prompt_cache_key", "safety_identifier", "service_tier", "store");

  private SharedFields() {}

  static Map<String, JsonNode> read(JsonNode body) {
    Map<String, JsonNode> shared = new LinkedHashMap<>();
    for (String name : NAMES) {
      JsonNode value = Json.get(body, name);
      if (value != null) {
        shared.put(name, value);
      }
    }
    return shared;
  }
}
