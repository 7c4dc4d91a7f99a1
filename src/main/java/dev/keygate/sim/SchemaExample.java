package dev.keygate.sim;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the simplest value that fits a JSON schema.
 *
 * <p>Understood: {@code type}, {@code properties}, {@code items}, {@code minItems}, {@code enum},
 * {@code const}, {@code anyOf}, {@code oneOf}, {@code allOf} (the first of each), local {@code
 * $ref}, {@code minimum}, {@code maximum}, {@code minLength}, {@code maxLength} and the common
 * formats. Patterns are not.
 */
final class SchemaExample {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** From here on optional things are left out, so that a schema that contains itself ends. */
  private static final int DEEP = 6;

  private static final int MANY = 500;

  /** From here on everything is null: the schema asks for more than anyone can give. */
  private static final int TOO_DEEP = 24;

  private static final int TOO_MANY = 5_000;
  private static final int MOST_ITEMS = 100;
  private static final int LONGEST_TEXT = 10_000;

  private final JsonNode root;
  private int made;

  private SchemaExample(JsonNode root) {
    this.root = root;
  }

  /** A value for the schema; an empty object where no schema is given. */
  static JsonNode of(JsonNode schema) {
    return schema.isObject() ? new SchemaExample(schema).value(schema, 0) : NODES.objectNode();
  }

  private JsonNode value(JsonNode schema, int depth) {
    made++;
    if (depth > TOO_DEEP || made > TOO_MANY) {
      return NODES.nullNode();
    }
    if (schema.has("const")) {
      return schema.path("const");
    }
    if (schema.path("enum").size() > 0) {
      return schema.path("enum").path(0);
    }
    JsonNode other = elsewhere(schema, depth);
    return other.isMissingNode() ? typed(schema, depth) : value(other, depth + 1);
  }

  private boolean isEnough(int depth) {
    return depth >= DEEP || made > MANY;
  }

  private JsonNode elsewhere(JsonNode schema, int depth) {
    String reference = schema.path("$ref").stringValue("");
    if (reference.startsWith("#")) {
      return pointed(reference.substring(1));
    }
    for (String choice : new String[] {"anyOf", "oneOf", "allOf"}) {
      JsonNode choices = schema.path(choice);
      if (choices.size() > 0) {
        // Deep down the last choice: of a recursive type it is mostly null, or the leaf.
        return choices.path(isEnough(depth) ? choices.size() - 1 : 0);
      }
    }
    return MissingNode.getInstance();
  }

  /** What a JSON pointer leads to; a missing node for anything else, such as an anchor. */
  private JsonNode pointed(String pointer) {
    return pointer.isEmpty() || pointer.startsWith("/")
        ? root.at(pointer)
        : MissingNode.getInstance();
  }

  private JsonNode typed(JsonNode schema, int depth) {
    return switch (type(schema)) {
      case "object" -> object(schema, depth);
      case "array" -> array(schema, depth);
      case "integer" -> NODES.numberNode((long) number(schema));
      case "number" -> NODES.numberNode(number(schema));
      case "boolean" -> NODES.booleanNode(true);
      case "null" -> NODES.nullNode();
      default -> NODES.stringNode(text(schema));
    };
  }

  private static String type(JsonNode schema) {
    JsonNode type =
        schema.path("type").isArray() ? schema.path("type").path(0) : schema.path("type");
    return type.stringValue(schema.has("properties") ? "object" : "string");
  }

  private ObjectNode object(JsonNode schema, int depth) {
    ObjectNode object = NODES.objectNode();
    schema
        .path("properties")
        .properties()
        .forEach(property -> {
          if (!isEnough(depth) || isRequired(schema, property.getKey())) {
            object.set(property.getKey(), value(property.getValue(), depth + 1));
          }
        });
    return object;
  }

  private static boolean isRequired(JsonNode schema, String name) {
    return schema.path("required").values().stream()
        .anyMatch(required -> required.stringValue("").equals(name));
  }

  private ArrayNode array(JsonNode schema, int depth) {
    int least = schema.path("minItems").intValue(isEnough(depth) ? 0 : 1);
    int most = schema.path("maxItems").intValue(MOST_ITEMS);
    ArrayNode array = NODES.arrayNode();
    for (int i = 0; i < Math.min(least, most) && i < MOST_ITEMS; i++) {
      array.add(value(schema.path("items"), depth + 1));
    }
    return array;
  }

  private static double number(JsonNode schema) {
    double least = schema.path("minimum").doubleValue(Double.NEGATIVE_INFINITY);
    double above = schema.path("exclusiveMinimum").doubleValue(Double.NEGATIVE_INFINITY) + 1;
    double most = schema.path("maximum").doubleValue(Double.POSITIVE_INFINITY);
    double below = schema.path("exclusiveMaximum").doubleValue(Double.POSITIVE_INFINITY) - 1;
    return Math.clamp(
        1.0, Math.max(least, above), Math.max(Math.max(least, above), Math.min(most, below)));
  }

  private static String text(JsonNode schema) {
    String text =
        switch (schema.path("format").stringValue("")) {
          case "date" -> "2026-01-31";
          case "date-time" -> "2026-01-31T12:00:00Z";
          case "time" -> "12:00:00Z";
          case "email" -> "someone@example.com";
          case "uri" -> "https://example.com/";
          case "uuid" -> "00000000-0000-4000-8000-000000000000";
          default -> "example";
        };
    int least = Math.min(LONGEST_TEXT, schema.path("minLength").intValue(0));
    int most = Math.max(0, schema.path("maxLength").intValue(LONGEST_TEXT));
    String padded = text + "x".repeat(Math.max(0, least - text.length()));
    return padded.length() > most ? padded.substring(0, most) : padded;
  }
}
