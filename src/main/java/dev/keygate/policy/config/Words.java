package dev.keygate.policy.config;

import dev.keygate.policy.document.Nearest;

/** Says in words what a field takes, for messages and reference pages. */
final class Words {
  private Words() {}

  /** {@code expected …}. */
  static String expected(FieldType type) {
    return "expected " + of(type);
  }

  static String of(FieldType type) {
    return switch (type) {
      case FieldType.Text text -> "a text";
      case FieldType.Parsed parsed -> "a text";
      case FieldType.Bool bool -> "true or false";
      case FieldType.Whole whole -> "a whole number";
      case FieldType.Decimal decimal -> "a number";
      case FieldType.Time time -> "a duration such as 500ms, 10s or 3m";
      case FieldType.Choice choice -> Nearest.list(choice.names());
      case FieldType.Interpolated interpolated -> "a text, which may hold ${…}";
      case FieldType.Anything anything -> "any value, whose texts may hold ${…}";
      case FieldType.Cel cel -> "a CEL expression";
      case FieldType.Retry retry -> "a CEL expression";
      case FieldType.ListOf list -> "a list of: " + of(list.item());
      case FieldType.MapOf map -> "a mapping from name to: " + of(map.value());
      case FieldType.Nested nested ->
          nested.shape().names().isEmpty()
              ? "an empty mapping"
              : "a mapping with " + Nearest.list(nested.shape().names());
    };
  }
}
