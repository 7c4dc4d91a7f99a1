package dev.keygate.policy.config;

import dev.keygate.policy.expression.Expression;
import dev.keygate.policy.expression.RetryCondition;
import dev.keygate.policy.expression.Template;
import dev.keygate.policy.expression.Value;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a field of a configuration record takes, derived from the component's Java type. */
sealed interface FieldType {

  /** A text without expressions. */
  record Text() implements FieldType {}

  /** A text of a form that a class of its own reads: {@code static T parse(String)}. */
  record Parsed(Method parse) implements FieldType {}

  record Bool() implements FieldType {}

  /** A whole number; {@code int} components take those that fit. */
  record Whole(boolean fitsInt) implements FieldType {}

  record Decimal() implements FieldType {}

  record Time() implements FieldType {}

  /** One of an enum's constants, written in lower case. */
  record Choice(List<? extends Enum<?>> constants) implements FieldType {
    List<String> names() {
      return constants.stream().map(Choice::name).toList();
    }

    static String name(Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT);
    }
  }

  /** A text with {@code ${…}}. */
  record Interpolated() implements FieldType {}

  /** Any value whose texts may hold {@code ${…}}. */
  record Anything() implements FieldType {}

  /** A CEL expression without the braces. */
  record Cel() implements FieldType {}

  /** A CEL expression without the braces, which is true or false and may read of attempts. */
  record Retry() implements FieldType {}

  record ListOf(FieldType item) implements FieldType {}

  record MapOf(FieldType value) implements FieldType {}

  /** A mapping with fields of its own. */
  record Nested(ConfigShape<?> shape) implements FieldType {}

  /**
   * The field type of a Java type.
   *
   * @throws IllegalArgumentException if a policy cannot configure such a type: an error of whoever
   *     wrote the record
   */
  static FieldType of(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        return new ListOf(of(arguments[0]));
      }
      if (generic.getRawType() == Map.class && arguments[0] == String.class) {
        return new MapOf(of(arguments[1]));
      }
    }
    if (type instanceof Class<?> simple) {
      return ofClass(simple);
    }
    throw unknown(type);
  }

  private static FieldType ofClass(Class<?> type) {
    if (type == String.class) {
      return new Text();
    }
    if (type == Duration.class) {
      return new Time();
    }
    if (type == Template.class) {
      return new Interpolated();
    }
    if (type == Value.class) {
      return new Anything();
    }
    if (type == Expression.class) {
      return new Cel();
    }
    if (type == RetryCondition.class) {
      return new Retry();
    }
    if (type.isEnum()) {
      return new Choice(Stream.of(type.getEnumConstants()).map(c -> (Enum<?>) c).toList());
    }
    FieldType primitive = ofPrimitive(type);
    if (primitive != null) {
      return primitive;
    }
    Method parse = parseMethod(type);
    if (parse != null) {
      return new Parsed(parse);
    }
    if (type.isRecord()) {
      return new Nested(ConfigShape.of(type.asSubclass(Record.class)));
    }
    throw unknown(type);
  }

  private static @Nullable FieldType ofPrimitive(Class<?> type) {
    if (type == boolean.class || type == Boolean.class) {
      return new Bool();
    }
    if (type == int.class || type == Integer.class) {
      return new Whole(true);
    }
    if (type == long.class || type == Long.class) {
      return new Whole(false);
    }
    return type == double.class || type == Double.class ? new Decimal() : null;
  }

  private static @Nullable Method parseMethod(Class<?> type) {
    return Stream.of(type.getMethods())
        .filter(method -> method.getName().equals("parse") && method.getParameterCount() == 1)
        .filter(method -> method.getParameterTypes()[0] == String.class)
        .filter(method -> Modifier.isStatic(method.getModifiers()))
        .filter(method -> method.getReturnType() == type)
        .findFirst()
        .orElse(null);
  }

  private static IllegalArgumentException unknown(Type type) {
    return new IllegalArgumentException(type.getTypeName() + " cannot be read from a policy");
  }
}
