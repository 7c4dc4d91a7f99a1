package dev.keygate.ai.translate;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** Reads and writes JSON trees, bounded in nesting and size; numbers keep every digit. */
final class Json {
  /** Levels of objects and arrays. What the gateway's own scan lets in is bounded the same. */
  static final int MAX_DEPTH = 256;

  /** Names, values and brackets of one tree: each takes tens of bytes, however short its text. */
  static final int MAX_TOKENS = 200_000;

  /** Bound on one string: an image in base64 is one. Bodies are bounded by whoever reads them. */
  private static final int MAX_STRING = 128 * 1024 * 1024;

  /** Most of anything that a provider counts: sums of any number of requests can hold it. */
  private static final long MOST = 1_000_000_000;

  private static final String TOO_MUCH =
      "too much to be translated; expected at most %d names, values and brackets, %d levels, and numbers of %d digits"
          .formatted(MAX_TOKENS, MAX_DEPTH, StreamReadConstraints.DEFAULT_MAX_NUM_LEN);

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxTokenCount(MAX_TOKENS)
                          .maxStringLength(MAX_STRING)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private Json() {}

  /**
   * The object that these bytes are.
   *
   * @param where names the bytes in the exception
   */
  static ObjectNode object(byte[] bytes, String where) throws UntranslatableException {
    try {
      return object(MAPPER.readTree(bytes), where);
    } catch (JacksonException e) {
      throw unreadable(e, where);
    }
  }

  /** The object that this text is. */
  static ObjectNode object(String text, String where) throws UntranslatableException {
    try {
      return object(MAPPER.readTree(text), where);
    } catch (JacksonException e) {
      throw unreadable(e, where);
    }
  }

  /** The object that this text is, as it is written: it is looked through, no tree made of it. */
  static JsonNode raw(String text, String where) throws UntranslatableException {
    // Half of a surrogate pair is a character in Java and none in what is sent.
    boolean isWhole = StandardCharsets.UTF_8.newEncoder().canEncode(text);
    boolean isObject;
    try (JsonParser parser = MAPPER.createParser(text)) {
      isObject = parser.nextToken() == JsonToken.START_OBJECT;
      parser.skipChildren();
      isWhole &= parser.nextToken() == null;
    } catch (JacksonException e) {
      throw unreadable(e, where);
    }
    if (!isWhole) {
      throw new UntranslatableException(where, "not valid JSON");
    }
    if (!isObject) {
      throw notAnObject(where);
    }
    return JsonNodeFactory.instance.rawValueNode(new RawValue(text));
  }

  private static ObjectNode object(JsonNode node, String where) throws UntranslatableException {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw notAnObject(where);
  }

  private static UntranslatableException notAnObject(String where) {
    return new UntranslatableException(where, "expected a JSON object");
  }

  private static UntranslatableException unreadable(JacksonException e, String where) {
    return new UntranslatableException(
        where, e instanceof StreamConstraintsException ? TOO_MUCH : "not valid JSON");
  }

  static byte[] bytes(JsonNode node) {
    return MAPPER.writeValueAsBytes(node);
  }

  static String text(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** Whether the field says something: it is there and not null. */
  static boolean has(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return !value.isMissingNode() && !value.isNull();
  }

  /** The field, or null when it says nothing. */
  static @Nullable JsonNode get(JsonNode node, String field) {
    return has(node, field) ? node.path(field) : null;
  }

  /** The field's text; empty when it is absent or no string. For what providers sent. */
  static String string(JsonNode node, String field) {
    return node.path(field).stringValue("");
  }

  /** The field's count; 0 when it is absent or no number. For what providers sent. */
  static long count(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isIntegralNumber() && value.canConvertToLong()
        ? Math.clamp(value.longValue(), 0, MOST)
        : 0;
  }

  /** The field's text, which has to be there. */
  static String need(JsonNode node, String field, String where) throws UntranslatableException {
    JsonNode value = node.path(field);
    if (!value.isString()) {
      throw new UntranslatableException(where + '.' + field, "expected a string");
    }
    return value.stringValue();
  }

  /** The field's list; empty when it says nothing. */
  static ArrayNode list(JsonNode node, String field, String where) throws UntranslatableException {
    JsonNode value = get(node, field);
    if (value == null) {
      return array();
    }
    if (value instanceof ArrayNode list) {
      return list;
    }
    throw new UntranslatableException(
        where.isEmpty() ? field : where + '.' + field, "expected a list");
  }
}
