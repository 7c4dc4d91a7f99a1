package dev.keygate.policy.expression;

import dev.cel.common.exceptions.CelBadFormatException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** JSON in expressions: bounded in nesting and size. */
final class Json {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_CHARACTERS = 4 * 1024 * 1024;
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxDocumentLength(MAX_CHARACTERS)
                          .build())
                  .build())
          .build();

  private Json() {}

  /** The value that a JSON text says, as expressions take it. */
  static Object parsed(String text) {
    try {
      return Values.toCel(MAPPER.readValue(text, Object.class));
    } catch (JacksonException malformed) {
      throw new CelBadFormatException("not JSON");
    }
  }

  static boolean isJson(String text) {
    try {
      return MAPPER.readTree(text) != null;
    } catch (JacksonException malformed) {
      return false;
    }
  }

  /** The value when the text is JSON, else the text itself. */
  static Object parsedOrText(String text) {
    try {
      return Values.toCel(MAPPER.readValue(text, Object.class));
    } catch (JacksonException malformed) {
      return text;
    }
  }

  static String encoded(@Nullable Object value) {
    return Values.json(value);
  }
}
