package dev.keygate.policy;

import dev.keygate.policy.config.ConfigSchema;
import dev.keygate.policy.document.Phase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The JSON Schema of policy documents, made from the action types, for editors. */
public final class PolicySchema {
  private PolicySchema() {}

  /** The schema as JSON text. */
  public static String json(Collection<? extends ActionType<?>> types) {
    Map<String, @Nullable Object> phases = new LinkedHashMap<>();
    for (Phase phase : Phase.values()) {
      phases.put(phase.key(), Map.of("type", "array", "items", rule(phase, types)));
    }
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Keygate traffic policy");
    schema.put("type", "object");
    schema.put("properties", phases);
    schema.put("additionalProperties", false);
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    return mapper.writeValueAsString(schema) + "\n";
  }

  private static Map<String, @Nullable Object> rule(
      Phase phase, Collection<? extends ActionType<?>> types) {
    List<Object> actions = new ArrayList<>();
    for (ActionType<?> type : types) {
      if (type.phases().contains(phase)) {
        actions.add(action(type));
      }
    }
    Map<String, @Nullable Object> properties = new LinkedHashMap<>();
    properties.put("name", Map.of("type", "string"));
    properties.put("expressions", Map.of("type", "array", "items", Map.of("type", "string")));
    properties.put("actions", Map.of("type", "array", "minItems", 1, "items", oneOf(actions)));
    Map<String, @Nullable Object> rule = new LinkedHashMap<>();
    rule.put("type", "object");
    rule.put("properties", properties);
    rule.put("required", List.of("actions"));
    rule.put("additionalProperties", false);
    List<Object> forms = new ArrayList<>();
    forms.add(rule);
    forms.addAll(actions);
    return oneOf(forms);
  }

  private static Map<String, @Nullable Object> oneOf(List<Object> forms) {
    Map<String, @Nullable Object> choice = new LinkedHashMap<>();
    choice.put("oneOf", forms);
    return choice;
  }

  private static Map<String, @Nullable Object> action(ActionType<?> type) {
    Map<String, @Nullable Object> config = ConfigSchema.of(type.config());
    Map<String, @Nullable Object> properties = new LinkedHashMap<>();
    properties.put("type", Map.of("const", type.name()));
    properties.put("config", config);
    Map<String, @Nullable Object> action = new LinkedHashMap<>();
    action.put("type", "object");
    action.put("properties", properties);
    action.put(
        "required", config.containsKey("required") ? List.of("type", "config") : List.of("type"));
    action.put("additionalProperties", false);
    return action;
  }
}
