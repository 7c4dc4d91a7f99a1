package dev.keygate.policy.expression;

import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Between the values expressions work with and plain Java ones, and from both to text. */
public final class Values {
  private static final JsonMapper JSON = JsonMapper.shared();

  private Values() {}

  /**
   * A plain value as expressions take it: no nulls, no number types that CEL does not have. What is
   * neither a number, a text, a boolean, a list nor a map is taken as it is.
   */
  public static Object toCel(@Nullable Object plain) {
    return switch (plain) {
      case null -> NullValue.NULL_VALUE;
      case LazyMap map -> settled(map.everything());
      case Integer number -> number.longValue();
      case Long number -> number;
      case Number number -> number.doubleValue();
      case List<?> items -> {
        List<Object> converted = new ArrayList<>(items.size());
        items.forEach(item -> converted.add(toCel(item)));
        yield converted;
      }
      case Map<?, ?> entries -> settled(entries);
      default -> plain;
    };
  }

  private static Map<Object, Object> settled(Map<?, ?> entries) {
    Map<Object, Object> converted = new LinkedHashMap<>();
    entries.forEach((key, value) -> converted.put(key, toCel(value)));
    return converted;
  }

  /** A value of an expression as plain Java that JSON can say; times become their texts. */
  public static @Nullable Object toPlain(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case NullValue none -> null;
      case CelByteString bytes -> bytes.toStringUtf8();
      case Instant instant -> instant.toString();
      case Duration duration -> text(duration);
      case String text -> text;
      case Boolean flag -> flag;
      case Long number -> number;
      case Integer number -> number.longValue();
      case Number number -> number.doubleValue();
      case List<?> items -> {
        List<@Nullable Object> plain = new ArrayList<>(items.size());
        items.forEach(item -> plain.add(toPlain(item)));
        yield plain;
      }
      case Map<?, ?> entries -> {
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        entries.forEach((key, item) -> plain.put(text(key), toPlain(item)));
        yield plain;
      }
      default -> value.toString();
    };
  }

  /** A value as it stands in a text: lists and maps as JSON, null as nothing. */
  public static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case String text -> text;
      case NullValue none -> "";
      case CelByteString bytes -> bytes.toStringUtf8();
      case Duration duration ->
          duration.toMillis() % 1000 == 0
              ? duration.toSeconds() + "s"
              : duration.toMillis() / 1000.0 + "s";
      case List<?> items -> json(items);
      case Map<?, ?> entries -> json(entries);
      default -> value.toString();
    };
  }

  static String json(@Nullable Object value) {
    return JSON.writeValueAsString(toPlain(value));
  }
}
