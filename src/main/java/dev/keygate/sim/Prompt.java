package dev.keygate.sim;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What every chat API asks for, whatever its shape.
 *
 * @param lastText the text of the last message
 * @param kind who wrote that message
 * @param outputLimit the most tokens to answer, 0 for no limit
 * @param tool the tool to call, null to answer with text
 * @param schema the JSON schema the text has to fit, null when it need not be JSON
 */
record Prompt(
    String lastText,
    Kind kind,
    int inputTokens,
    int outputLimit,
    @Nullable Tool tool,
    @Nullable JsonNode schema) {

  /** Whether the last message is a person's or a tool's. */
  enum Kind {
    USER,
    TOOL_RESULT
  }

  /** A declared tool; {@code parameters} is the JSON schema of its arguments. */
  record Tool(String name, JsonNode parameters) {}

  /**
   * The text of a content that is a string, or a list of parts with texts. A picture reads as its
   * length, so that an answer tells whether it arrived.
   */
  static String text(JsonNode content) {
    if (content.isString()) {
      return content.stringValue();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content.values()) {
      String picture = picture(part);
      text.append(
          picture.isEmpty()
              ? text(part.has("text") ? part.path("text") : part.path("content"))
              : "[picture of " + picture.length() + " characters]");
    }
    return text.toString();
  }

  /** The base64 text, or else the address, of a picture in the shape of any API; "" if none. */
  private static String picture(JsonNode part) {
    String address =
        switch (part.path("type").asString("")) {
          case "image_url" -> part.at("/image_url/url").asString("");
          case "input_image" -> part.path("image_url").asString("");
          case "image" -> part.at("/source/data").asString(part.at("/source/url").asString(""));
          default -> "";
        };
    return address.startsWith("data:") ? address.substring(address.indexOf(',') + 1) : address;
  }

  /** The last entry of a list, a missing node when there is none. */
  static JsonNode last(JsonNode list) {
    return list.path(Math.max(0, list.size() - 1));
  }
}
