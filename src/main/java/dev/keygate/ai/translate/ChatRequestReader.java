package dev.keygate.ai.translate;

import dev.keygate.ai.translate.Conversation.Settings;
import dev.keygate.ai.translate.Conversation.Shape;
import dev.keygate.ai.translate.Conversation.Streaming;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Reads a request of OpenAI's Chat Completions API. */
final class ChatRequestReader {
  private final JsonNode body;
  private final Dropped dropped;

  private ChatRequestReader(JsonNode body, Dropped dropped) {
    this.body = body;
    this.dropped = dropped;
  }

  static Conversation read(JsonNode body, Dropped dropped) throws UntranslatableException {
    ChatRequestReader reader = new ChatRequestReader(body, dropped);
    return new Conversation(
        reader.turns(),
        OpenAiTools.read(body, "function"),
        OpenAiTools.choice(body, "function"),
        reader.settings());
  }

  private List<Turn> turns() throws UntranslatableException {
    ArrayNode messages = Json.list(body, "messages", "");
    List<Turn> turns = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      turns.add(turn(messages.get(i), "messages[" + i + ']'));
    }
    return turns;
  }

  private Turn turn(JsonNode message, String where) throws UntranslatableException {
    if (Json.has(message, "name")) {
      dropped.note("messages[].name");
    }
    String role = Json.need(message, "role", where);
    return switch (role) {
      case "system" -> new Turn(Turn.Role.SYSTEM, content(message, where));
      case "developer" -> new Turn(Turn.Role.DEVELOPER, content(message, where));
      case "user" -> new Turn(Turn.Role.USER, content(message, where));
      case "assistant" -> new Turn(Turn.Role.ASSISTANT, said(message, where));
      case "tool" ->
          new Turn(
              Turn.Role.TOOL,
              List.of(
                  new Part.ToolResult(
                      Json.need(message, "tool_call_id", where), content(message, where))));
      default ->
          throw new UntranslatableException(
              where + ".role",
              "cannot be translated; expected system, developer, user, assistant or tool");
    };
  }

  private List<Part> content(JsonNode message, String where) throws UntranslatableException {
    JsonNode content = message.path("content");
    if (content.isString()) {
      return List.of(new Part.Text(content.stringValue()));
    }
    ArrayNode list = Json.list(message, "content", where);
    List<Part> parts = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      parts.add(part(list.get(i), where + ".content[" + i + ']'));
    }
    return parts;
  }

  private Part part(JsonNode part, String where) throws UntranslatableException {
    return switch (Json.string(part, "type")) {
      case "text" -> new Part.Text(Json.need(part, "text", where));
      case "refusal" -> new Part.Text(Json.need(part, "refusal", where));
      case "image_url" -> {
        JsonNode image = part.path("image_url");
        if (!Json.string(image, "detail").isEmpty()
            && !Json.string(image, "detail").equals("auto")) {
          dropped.note("messages[].content[].image_url.detail");
        }
        String path = where + ".image_url";
        yield ImageUrls.read(Json.need(image, "url", path), path + ".url");
      }
      default ->
          throw new UntranslatableException(
              where + ".type", "cannot be translated; expected text or image_url");
    };
  }

  private List<Part> said(JsonNode message, String where) throws UntranslatableException {
    List<Part> parts = new ArrayList<>(content(message, where));
    String refusal = Json.string(message, "refusal");
    if (!refusal.isEmpty()) {
      parts.add(new Part.Text(refusal));
    }
    if (Json.has(message, "audio") || Json.has(message, "function_call")) {
      throw new UntranslatableException(
          where, "audio and function_call cannot be translated; expected content and tool_calls");
    }
    if (Json.has(message, "reasoning_content")) {
      dropped.note("messages[].reasoning_content");
    }
    ArrayNode calls = Json.list(message, "tool_calls", where);
    for (int i = 0; i < calls.size(); i++) {
      String path = where + ".tool_calls[" + i + ']';
      JsonNode function = calls.get(i).path("function");
      parts.add(
          new Part.ToolCall(
              Json.need(calls.get(i), "id", path),
              Json.need(function, "name", path + ".function"),
              Json.need(function, "arguments", path + ".function")));
    }
    return parts;
  }

  private Settings settings() throws UntranslatableException {
    JsonNode limit = Json.get(body, "max_completion_tokens");
    return new Settings(
        limit == null ? Json.get(body, "max_tokens") : limit,
        Json.get(body, "temperature"),
        Json.get(body, "top_p"),
        stop(),
        streaming(),
        parallelCalls(body),
        shape(),
        text(body, "reasoning_effort"),
        text(body, "user"),
        SharedFields.read(body));
  }

  private List<String> stop() throws UntranslatableException {
    if (body.path("stop").isString()) {
      return List.of(body.path("stop").stringValue());
    }
    List<String> stop = new ArrayList<>();
    for (JsonNode text : Json.list(body, "stop", "").values()) {
      stop.add(text.stringValue(""));
    }
    return stop;
  }

  private Streaming streaming() {
    if (!body.path("stream").booleanValue(false)) {
      return Streaming.OFF;
    }
    return body.path("stream_options").path("include_usage").booleanValue(false)
        ? Streaming.WITH_USAGE
        : Streaming.ON;
  }

  private @Nullable Shape shape() throws UntranslatableException {
    JsonNode format = body.path("response_format");
    return switch (Json.string(format, "type")) {
      case "json_object" -> new Shape.AnyObject();
      case "json_schema" -> {
        JsonNode schema = format.path("json_schema");
        yield new Shape.Schema(
            Json.need(schema, "name", "response_format.json_schema"),
            Json.get(schema, "schema"),
            flag(schema, "strict"));
      }
      default -> null;
    };
  }

  static @Nullable Boolean parallelCalls(JsonNode body) {
    return flag(body, "parallel_tool_calls");
  }

  static @Nullable Boolean flag(JsonNode node, String field) {
    return node.path(field).isBoolean() ? Boolean.valueOf(node.path(field).booleanValue()) : null;
  }

  static @Nullable String text(JsonNode node, String field) {
    return node.path(field).isString() ? node.path(field).stringValue() : null;
  }
}
