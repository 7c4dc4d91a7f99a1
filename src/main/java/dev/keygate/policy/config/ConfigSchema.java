package dev.keygate.policy.config;

import dev.keygate.policy.document.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON Schema (2020-12) of a configuration record, for editors. */
public final class ConfigSchema {
  private ConfigSchema() {}

  /** An object schema with the record's fields. */
  public static Map<String, @Nullable Object> of(Class<? extends Record> type) {
    return object(ConfigShape.of(type));
  }

  private static Map<String, @Nullable Object> object(ConfigShape<?> shape) {
    Map<String, @Nullable Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (ConfigShape.Field field : shape.fields()) {
      properties.put(field.name(), field(field));
      if (field.isRequired()) {
        required.add(field.name());
      }
    }
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", false);
    return schema;
  }

  private static Map<String, @Nullable Object> field(ConfigShape.Field field) {
    Map<String, @Nullable Object> schema = type(field.type());
    schema.put("description", field.setting().value());
    String fallback = field.setting().defaultsTo();
    if (!fallback.isEmpty()) {
      Node node = Defaults.node(field.name(), fallback);
      schema.put("default", node.plain());
    }
    bounds(field, schema);
    return schema;
  }

  private static void bounds(ConfigShape.Field field, Map<String, @Nullable Object> schema) {
    String least = field.setting().atLeast();
    String most = field.setting().atMost();
    String measure =
        switch (field.type()) {
          case FieldType.Whole whole -> "imum";
          case FieldType.Decimal decimal -> "imum";
          case FieldType.ListOf list -> "Items";
          case FieldType.MapOf map -> "Properties";
          case FieldType.Text text -> "Length";
          default -> "";
        };
    if (!measure.isEmpty() && !least.isEmpty()) {
      schema.put("min" + measure, number(least));
    }
    if (!measure.isEmpty() && !most.isEmpty()) {
      schema.put("max" + measure, number(most));
    }
  }

  private static Object number(String text) {
    return text.contains(".") ? (Object) Double.valueOf(text) : (Object) Long.valueOf(text);
  }

  private static Map<String, @Nullable Object> type(FieldType type) {
    return switch (type) {
      case FieldType.Text text -> simple("string");
      case FieldType.Parsed parsed -> simple("string");
      case FieldType.Cel cel -> simple("string");
      case FieldType.Retry retry -> simple("string");
      case FieldType.Bool bool -> simple("boolean");
      case FieldType.Whole whole -> simple("integer");
      case FieldType.Decimal decimal -> simple("number");
      case FieldType.Time time -> simple("string");
      case FieldType.Choice choice -> with(simple("string"), "enum", choice.names());
      case FieldType.Interpolated interpolated ->
          with(new LinkedHashMap<>(), "type", List.of("string", "number", "boolean"));
      case FieldType.Anything anything -> new LinkedHashMap<>();
      case FieldType.ListOf list -> with(simple("array"), "items", type(list.item()));
      case FieldType.MapOf map -> with(simple("object"), "additionalProperties", type(map.value()));
      case FieldType.Nested nested -> object(nested.shape());
    };
  }

  private static Map<String, @Nullable Object> simple(String name) {
    return with(new LinkedHashMap<>(), "type", name);
  }

  private static Map<String, @Nullable Object> with(
      Map<String, @Nullable Object> schema, String key, Object value) {
    schema.put(key, value);
    return schema;
  }
}
