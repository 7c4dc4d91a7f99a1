package dev.keygate.ai;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Random JSON text: every kind of value, any white space, any spelling of strings. */
final class JsonBodies {
  static final JsonMapper JACKSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private JsonBodies() {}

  /** An object as text, with field names that are none of those that decide. */
  static Arbitrary<String> objects() {
    return object(fields(Arbitraries.of("a", "messages", "mo", "temperature", "mödel", "tools")));
  }

  /** White space as JSON has it. */
  static Arbitrary<String> space() {
    return Arbitraries.strings().withChars(' ', '\t', '\r', '\n').ofMaxLength(3);
  }

  static Arbitrary<String> values() {
    return value(3);
  }

  /** A string as JSON, some of its characters escaped where they need not be. */
  static Arbitrary<String> strings() {
    Arbitrary<String> piece =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(20).map(JsonBodies::quoted),
            Arbitraries.of(
                "\"\\u0041\\/\"",
                "\"\\\"\\\\\"",
                "\"\u00e9\u4f60\ud83d\ude00\"",
                "\"\\ud83d\\ude00\"",
                "\"long enough to be read in words of eight\\n and then some\""));
    return piece;
  }

  static Arbitrary<String> object(Arbitrary<List<String>> fields) {
    return Combinators.combine(space(), fields, space())
        .as((before, all, after) -> before + '{' + String.join(",", all) + after + '}' + before);
  }

  static Arbitrary<List<String>> fields(Arbitrary<String> names) {
    Arbitrary<String> name =
        Arbitraries.oneOf(names.map(JsonBodies::quoted), names.map(JsonBodies::escaped));
    return Combinators.combine(space(), name, space(), values(), space())
        .as((a, n, b, v, c) -> a + n + b + ':' + c + v + a)
        .list()
        .ofMaxSize(6);
  }

  static String quoted(String text) {
    return JACKSON.writeValueAsString(text);
  }

  /** The string with every character as an escape. */
  static String escaped(String text) {
    return text.chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining("", "\"", "\""));
  }

  private static Arbitrary<String> value(int depth) {
    Arbitrary<String> scalar =
        Arbitraries.oneOf(
            strings(),
            Arbitraries.of("true", "false", "null", "0", "-0", "1.5e+10", "-12.25E-3", "10", "0.1"),
            Arbitraries.longs().map(String::valueOf));
    if (depth == 0) {
      return scalar;
    }
    Arbitrary<String> list =
        Combinators.combine(space(), value(depth - 1).list().ofMaxSize(3))
            .as((s, all) -> '[' + s + String.join(s + ',' + s, all) + s + ']');
    Arbitrary<String> nested =
        Arbitraries.maps(Arbitraries.of("model", "x", "stream"), value(depth - 1))
            .ofMaxSize(2)
            .map(JsonBodies::nested);
    return Arbitraries.frequencyOf(Tuple.of(3, scalar), Tuple.of(1, list), Tuple.of(1, nested));
  }

  private static String nested(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(e -> quoted(e.getKey()) + " : " + e.getValue())
        .collect(Collectors.joining(",\n", "{", "}"));
  }
}
