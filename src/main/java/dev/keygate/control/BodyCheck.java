package dev.keygate.control;

import dev.keygate.policy.document.Nearest;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads a call's body and holds it against the contract. */
final class BodyCheck {
  private static final int MAX_NESTING = 16;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private BodyCheck() {}

  /**
   * The body as an object that has only fields of the operation, each of its type and within its
   * bounds, and every required one.
   */
  static ObjectNode read(Operation operation, byte[] body, FieldCodes codes) {
    JsonNode node;
    try {
      node = body.length == 0 ? MAPPER.createObjectNode() : MAPPER.readTree(body);
    } catch (JacksonException e) {
      throw ApiError.of(
          400,
          "ERR_NGROK_213",
          "The body is not valid JSON at line %d, column %d."
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    }
    if (!(node instanceof ObjectNode object)) {
      throw ApiError.of(400, "ERR_NGROK_213", "The body must be a JSON object.");
    }
    check(object, "", operation.body(), operation.required(), codes);
    return object;
  }

  private static void check(
      ObjectNode object,
      String prefix,
      Map<String, Field> fields,
      Set<String> required,
      FieldCodes codes) {
    object
        .properties()
        .forEach(property -> {
          Field field = fields.get(property.getKey());
          if (field == null) {
            throw unknown(prefix + property.getKey(), property.getKey(), fields.keySet());
          }
          check(field, prefix + field.name(), property.getValue(), codes);
        });
    for (String name : required) {
      if (!object.has(name)) {
        throw codes.missing(name, prefix + name);
      }
    }
  }

  private static void check(Field field, String path, JsonNode value, FieldCodes codes) {
    if (value.isNull()) {
      require(field.takes("null"), path, value, field);
    } else if (value.isString()) {
      require(field.takes("string"), path, value, field);
      checkText(field, path, value.stringValue(), codes);
    } else if (value.isBoolean()) {
      require(field.takes("boolean"), path, value, field);
    } else if (value.isIntegralNumber()) {
      require(field.takes("integer"), path, value, field);
    } else if (value.isArray()) {
      require(field.takes("array"), path, value, field);
      checkItems(field, path, value, codes);
    } else {
      require(false, path, value, field);
    }
  }

  private static void checkText(Field field, String path, String text, FieldCodes codes) {
    if (text.codePointCount(0, text.length()) > field.max()) {
      throw codes.tooLong(field.name(), path, text.codePointCount(0, text.length()), field.max());
    }
    if (!field.choices().isEmpty() && !field.choices().contains(text)) {
      throw ApiError.invalid(
          path, "'" + text + "', expected one of " + String.join(", ", field.choices()));
    }
    if (field.isTime()) {
      time(path, text);
    }
  }

  private static void checkItems(Field field, String path, JsonNode list, FieldCodes codes) {
    if (list.size() > field.max()) {
      throw ApiError.invalid(path, list.size() + " items, expected at most " + field.max());
    }
    for (int i = 0; i < list.size(); i++) {
      String itemPath = path + "[" + i + "]";
      JsonNode item = list.get(i);
      if (field.items().isEmpty()) {
        if (!item.isString()) {
          throw ApiError.invalid(itemPath, "expected a text");
        }
      } else if (item instanceof ObjectNode object) {
        check(object, itemPath + ".", field.items(), field.requiredItems(), codes.ofItems());
      } else {
        throw ApiError.invalid(itemPath, "expected an object");
      }
    }
  }

  /** The instant that an RFC 3339 text names. */
  static Instant time(String path, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw ApiError.invalid(path, "expected an RFC 3339 time such as 2027-01-31T12:00:00Z");
    }
  }

  private static void require(boolean fits, String path, JsonNode value, Field field) {
    if (!fits) {
      throw ApiError.invalid(
          path,
          "a "
              + value.getNodeType().name().toLowerCase(Locale.ROOT)
              + ", expected "
              + String.join(" or ", new TreeSet<>(field.types())));
    }
  }

  private static ApiError unknown(String path, String name, Collection<String> known) {
    return ApiError.of(
            400,
            "ERR_NGROK_214",
            "The field '" + path + "' is unknown; " + Nearest.hint(name, known))
        .with("field", path);
  }
}
