package dev.keygate.policy.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of a configuration record as a Markdown table, for reference pages. */
public final class ConfigReference {
  private ConfigReference() {}

  /** A table with a row for each field, fields of fields below their own; empty without fields. */
  public static String of(Class<? extends Record> type) {
    ConfigShape<?> shape = ConfigShape.of(type);
    if (shape.fields().isEmpty()) {
      return "This action has no fields.\n";
    }
    StringBuilder table = new StringBuilder("| field | takes | default | |\n|---|---|---|---|\n");
    rows(shape.fields(), "", table);
    return table.toString();
  }

  private static void rows(List<ConfigShape.Field> fields, String prefix, StringBuilder table) {
    for (ConfigShape.Field field : fields) {
      String name = prefix + field.name();
      table
          .append("| `")
          .append(name)
          .append("` | ")
          .append(takes(field))
          .append(" | ")
          .append(fallback(field))
          .append(" | ")
          .append(field.setting().value().replace("|", "\\|"))
          .append(" |\n");
      ConfigShape<?> below = below(field.type());
      if (below != null) {
        rows(below.fields(), name + below(field), table);
      }
    }
  }

  private static String below(ConfigShape.Field field) {
    return field.type() instanceof FieldType.ListOf ? "[]." : ".";
  }

  private static @Nullable ConfigShape<?> below(FieldType type) {
    return switch (type) {
      case FieldType.Nested nested -> nested.shape();
      case FieldType.ListOf list -> below(list.item());
      case FieldType.MapOf map -> below(map.value());
      default -> null;
    };
  }

  private static String takes(ConfigShape.Field field) {
    String takes = brief(field.type());
    boolean bounded = !field.setting().atLeast().isEmpty() || !field.setting().atMost().isEmpty();
    return bounded ? takes + ", " + Bounds.words(field.setting()) + unit(field.type()) : takes;
  }

  private static String unit(FieldType type) {
    return switch (type) {
      case FieldType.Text text -> " characters";
      case FieldType.ListOf list -> " items";
      case FieldType.MapOf map -> " entries";
      default -> "";
    };
  }

  private static String brief(FieldType type) {
    return switch (type) {
      case FieldType.ListOf list -> "list of " + brief(list.item());
      case FieldType.MapOf map -> "map of " + brief(map.value());
      case FieldType.Nested nested -> "mapping";
      case FieldType.Interpolated interpolated -> "text with `${…}`";
      case FieldType.Anything anything -> "any value, with `${…}`";
      case FieldType.Time time -> "duration";
      case FieldType.Text text -> "text";
      case FieldType.Choice choice -> "`" + String.join("`, `", choice.names()) + "`";
      default -> Words.of(type);
    };
  }

  private static String fallback(ConfigShape.Field field) {
    if (field.isRequired()) {
      return "required";
    }
    String fallback = field.setting().defaultsTo();
    return fallback.isEmpty() || fallback.equals("''") ? "" : "`" + fallback + "`";
  }
}
