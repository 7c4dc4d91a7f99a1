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
import tools.jackson.core.TokenStreamLocation;
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
      throw ApiError.of(ErrorCode.MALFORMED_BODY, "The body is not valid JSON" + place(e));
    }
    if (!(node instanceof ObjectNode object)) {
      throw ApiError.of(ErrorCode.MALFORMED_BODY, "The body must be a JSON object.");
    }
    check(object, "", operation.body(), operation.required(), codes);
    return object;
  }

  /** Only where: what is wrong there may be a secret. */
  private static String place(JacksonException e) {
    TokenStreamLocation location = e.getLocation();
    return location == null
        ? ", or nested deeper than " + MAX_NESTING + " levels."
        : " at line %d, column %d.".formatted(location.getLineNr(), location.getColumnNr());
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
    checkStorable(path, text);
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

  /** Not every database takes NUL in a text, and half a surrogate pair is no character. */
  private static void checkStorable(String path, String text) {
    if (text.codePoints().anyMatch(c -> c == 0 || (c >= 0xd800 && c <= 0xdfff))) {
      throw ApiError.invalid(path, "a character that is none: NUL, or half of a surrogate pair");
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
          throw ApiError.invalid(itemPath, "expected a string");
        }
        checkItemText(field, itemPath, item.stringValue());
      } else if (item instanceof ObjectNode object) {
        check(object, itemPath + ".", field.items(), field.requiredItems(), codes.ofItems());
      } else {
        throw ApiError.invalid(itemPath, "expected an object");
      }
    }
  }

  private static void checkItemText(Field field, String path, String text) {
    checkStorable(path, text);
    if (text.codePointCount(0, text.length()) > field.maxItem()) {
      throw ApiError.invalid(path, "expected at most " + field.maxItem() + " characters");
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
          value.getNodeType().name().toLowerCase(Locale.ROOT)
              + ", expected "
              + String.join(" or ", new TreeSet<>(field.types())));
    }
  }

  private static ApiError unknown(String path, String name, Collection<String> known) {
    return ApiError.of(
            ErrorCode.UNKNOWN_FIELD,
            "The field '" + path + "' is unknown; " + Nearest.hint(name, known))
        .with("field", path);
  }
}
