package dev.keygate.policy.config;

import dev.keygate.policy.document.Nearest;
import dev.keygate.policy.document.Node;
import dev.keygate.policy.document.Problems;
import dev.keygate.policy.document.Quoted;
import dev.keygate.policy.expression.ExpressionCompiler;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads configuration records from a document. Everything wrong is reported, not only the first; a
 * record is made only when nothing was.
 */
public final class ConfigReader {
  private final ExpressionCompiler expressions;
  private final Problems problems;

  /**
   * @param expressions compiles what stands in the fields, for the phase the configuration is for
   */
  public ConfigReader(ExpressionCompiler expressions, Problems problems) {
    this.expressions = expressions;
    this.problems = problems;
  }

  /**
   * Reads a record.
   *
   * @return the record, or null when there was a problem; all have then been reported
   */
  public <C extends Record> @Nullable C read(Node node, Class<C> type) {
    return read(node, ConfigShape.of(type));
  }

  private <C extends Record> @Nullable C read(Node node, ConfigShape<C> shape) {
    if (!(node instanceof Node.Mapping mapping)) {
      problems.error(node, node.kind() + ": expected a mapping with " + expected(shape.names()));
      return null;
    }
    int before = problems.errors();
    refuseUnknown(mapping, shape.names());
    @Nullable Object[] values = new @Nullable Object[shape.fields().size()];
    int at = 0;
    for (ConfigShape.Field field : shape.fields()) {
      values[at++] = field(mapping, field);
    }
    if (problems.errors() > before) {
      return null;
    }
    try {
      return shape.create(values);
    } catch (IllegalArgumentException refused) {
      problems.error(node, String.valueOf(refused.getMessage()));
      return null;
    }
  }

  private static String expected(List<String> names) {
    return names.isEmpty() ? "no fields" : Nearest.list(names);
  }

  private void refuseUnknown(Node.Mapping mapping, List<String> names) {
    mapping
        .entries()
        .forEach((name, entry) -> {
          if (!names.contains(name)) {
            problems.error(
                entry.value().path(),
                entry.keyPosition(),
                "unknown field " + Quoted.of(name) + "; " + Nearest.hint(name, names));
          }
        });
  }

  private @Nullable Object field(Node.Mapping mapping, ConfigShape.Field field) {
    Node written = mapping.get(field.name());
    if (written == null || (written instanceof Node.Scalar scalar && isAbsent(scalar, field))) {
      return absent(mapping, field);
    }
    Object value = value(written, field.type());
    if (value != null) {
      refuseOutOfBounds(written, value, field.setting());
    }
    return value;
  }

  /** An explicit null reads like a field left out, except where null is a value of its own. */
  private static boolean isAbsent(Node.Scalar scalar, ConfigShape.Field field) {
    return scalar.value() == null && !(field.type() instanceof FieldType.Anything);
  }

  private @Nullable Object absent(Node.Mapping mapping, ConfigShape.Field field) {
    if (field.isRequired()) {
      problems.error(mapping, field.name() + " is missing; " + Words.expected(field.type()));
      return null;
    }
    String fallback = field.setting().defaultsTo();
    if (!fallback.isEmpty()) {
      return value(Defaults.node(mapping.path() + '.' + field.name(), fallback), field.type());
    }
    return switch (field.type()) {
      case FieldType.ListOf list when !field.optional() -> List.of();
      case FieldType.MapOf map when !field.optional() -> Map.of();
      default -> null;
    };
  }

  private @Nullable Object value(Node node, FieldType type) {
    return switch (type) {
      case FieldType.ListOf list -> list(node, list);
      case FieldType.MapOf map -> map(node, map);
      case FieldType.Nested nested -> read(node, nested.shape());
      case FieldType.Anything anything -> expressions.value(node);
      case FieldType.Interpolated interpolated -> template(node, type);
      case FieldType.Cel cel ->
          node instanceof Node.Scalar scalar ? expressions.expression(scalar) : wrong(node, type);
      case FieldType.Retry retry ->
          node instanceof Node.Scalar scalar
              ? expressions.retryCondition(scalar)
              : wrong(node, type);
      default -> node instanceof Node.Scalar scalar ? scalar(scalar, type) : wrong(node, type);
    };
  }

  private @Nullable Object template(Node node, FieldType type) {
    return node instanceof Node.Scalar scalar && scalar.value() != null
        ? expressions.template(scalar)
        : wrong(node, type);
  }

  private @Nullable Object scalar(Node.Scalar scalar, FieldType type) {
    try {
      Object value =
          switch (type) {
            case FieldType.Text text ->
                scalar.value() instanceof String string ? plain(string) : null;
            case FieldType.Parsed parsed -> parsed(scalar, parsed);
            case FieldType.Bool bool -> scalar.value() instanceof Boolean flag ? flag : null;
            case FieldType.Whole whole -> whole(scalar.value(), whole);
            case FieldType.Decimal decimal ->
                scalar.value() instanceof Number number ? number.doubleValue() : null;
            case FieldType.Time time ->
                scalar.value() instanceof String text ? Durations.parse(text) : null;
            case FieldType.Choice choice -> choice(scalar.text(), choice);
            default -> null;
          };
      return value == null ? wrong(scalar, type) : value;
    } catch (IllegalArgumentException refused) {
      problems.error(scalar, scalar.kind() + ": " + refused.getMessage());
      return null;
    }
  }

  private static String plain(String text) {
    if (text.contains("${")) {
      throw new IllegalArgumentException("this field takes no expressions; write its value");
    }
    return text;
  }

  private static @Nullable Object parsed(Node.Scalar scalar, FieldType.Parsed parsed) {
    if (scalar.value() == null) {
      return null;
    }
    try {
      return parsed.parse().invoke(null, scalar.text());
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw new IllegalStateException(parsed.parse() + " failed", thrown);
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException(parsed.parse() + " cannot be called", impossible);
    }
  }

  private static @Nullable Object whole(@Nullable Object value, FieldType.Whole whole) {
    if (!(value instanceof Long number)) {
      return null;
    }
    if (!whole.fitsInt()) {
      return number;
    }
    int small = number.intValue();
    return small == number ? small : null;
  }

  private static @Nullable Object choice(String text, FieldType.Choice choice) {
    for (Enum<?> constant : choice.constants()) {
      if (FieldType.Choice.name(constant).equals(text)) {
        return constant;
      }
    }
    return null;
  }

  private @Nullable Object list(Node node, FieldType.ListOf type) {
    if (!(node instanceof Node.Sequence sequence)) {
      return wrong(node, type);
    }
    List<Object> items = new ArrayList<>();
    for (Node item : sequence.items()) {
      Object value = value(item, type.item());
      if (value != null) {
        items.add(value);
      }
    }
    return List.copyOf(items);
  }

  private @Nullable Object map(Node node, FieldType.MapOf type) {
    if (!(node instanceof Node.Mapping mapping)) {
      return wrong(node, type);
    }
    Map<String, Object> values = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach((name, entry) -> {
          Object value = value(entry.value(), type.value());
          if (value != null) {
            values.put(name, value);
          }
        });
    return Collections.unmodifiableMap(values);
  }

  private void refuseOutOfBounds(Node node, Object value, Setting setting) {
    Comparable<?> measure = Bounds.measure(value);
    String wrong = measure == null ? null : Bounds.violation(measure, setting);
    if (wrong != null) {
      problems.error(node, wrong);
    }
  }

  private @Nullable Object wrong(Node node, FieldType type) {
    problems.error(
        node,
        node.kind() + ": " + Words.expected(type) + didYouMean(node, type) + dashes(node, type));
    return null;
  }

  /** A list of one is easily written as its item. */
  private static String dashes(Node node, FieldType type) {
    return type instanceof FieldType.ListOf && node instanceof Node.Mapping
        ? "; begin each item with '- '"
        : "";
  }

  private static String didYouMean(Node node, FieldType type) {
    if (type instanceof FieldType.Choice choice && node instanceof Node.Scalar scalar) {
      String nearest = Nearest.of(scalar.text(), choice.names());
      return nearest == null ? "" : "; did you mean '" + nearest + "'?";
    }
    return "";
  }
}
