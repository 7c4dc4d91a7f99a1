package dev.keygate.ai.translate;

import dev.keygate.ai.translate.Conversation.Settings;
import dev.keygate.ai.translate.Conversation.Shape;
import dev.keygate.ai.translate.Conversation.Streaming;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Reads a request of Anthropic's Messages API. */
final class MessagesRequestReader {
  /** What a schema is called where it needs a name and had none. */
  static final String SCHEMA_NAME = "answer";

  private final JsonNode body;
  private final Dropped dropped;

  private MessagesRequestReader(JsonNode body, Dropped dropped) {
    this.body = body;
    this.dropped = dropped;
  }

  static Conversation read(JsonNode body, Dropped dropped) throws UntranslatableException {
    MessagesRequestReader reader = new MessagesRequestReader(body, dropped);
    return new Conversation(reader.turns(), reader.tools(), reader.choice(), reader.settings());
  }

  private List<Turn> turns() throws UntranslatableException {
    List<Turn> turns = new ArrayList<>();
    List<Part> system = content(body, "system", "system");
    if (!system.isEmpty()) {
      turns.add(new Turn(Turn.Role.SYSTEM, system));
    }
    ArrayNode messages = Json.list(body, "messages", "");
    for (int i = 0; i < messages.size(); i++) {
      String where = "messages[" + i + ']';
      List<Part> parts = content(messages.get(i), "content", where + ".content");
      switch (Json.need(messages.get(i), "role", where)) {
        case "user" -> user(parts, turns);
        case "assistant" -> turns.add(new Turn(Turn.Role.ASSISTANT, parts));
        case "system" -> turns.add(new Turn(Turn.Role.SYSTEM, parts));
        default -> throw new UntranslatableException(where + ".role", "expected user or assistant");
      }
    }
    return turns;
  }

  /** What tools gave comes first: it answers the turn before. */
  private static void user(List<Part> parts, List<Turn> turns) {
    List<Part> results = parts.stream().filter(Part.ToolResult.class::isInstance).toList();
    List<Part> others = parts.stream().filter(p -> !(p instanceof Part.ToolResult)).toList();
    if (!results.isEmpty()) {
      turns.add(new Turn(Turn.Role.TOOL, results));
    }
    if (!others.isEmpty() || results.isEmpty()) {
      turns.add(new Turn(Turn.Role.USER, others));
    }
  }

  private List<Part> content(JsonNode of, String field, String where)
      throws UntranslatableException {
    if (of.path(field).isString()) {
      return List.of(new Part.Text(of.path(field).stringValue()));
    }
    ArrayNode blocks = Json.list(of, field, "");
    List<Part> parts = new ArrayList<>(blocks.size());
    for (int i = 0; i < blocks.size(); i++) {
      Part part = block(blocks.get(i), where + '[' + i + ']');
      if (part != null) {
        parts.add(part);
      }
    }
    return parts;
  }

  private @Nullable Part block(JsonNode block, String where) throws UntranslatableException {
    noteIf(block, "cache_control", "cache_control");
    return switch (Json.string(block, "type")) {
      case "text" -> {
        noteIf(block, "citations", "messages[].content[].citations");
        yield new Part.Text(Json.need(block, "text", where));
      }
      case "image" -> image(block.path("source"), where + ".source");
      case "tool_use" ->
          new Part.ToolCall(
              Json.need(block, "id", where),
              Json.need(block, "name", where),
              Json.has(block, "input") ? Json.text(block.path("input")) : "{}");
      case "tool_result" -> {
        if (block.path("is_error").booleanValue(false)) {
          dropped.note("messages[].content[].is_error");
        }
        yield new Part.ToolResult(
            Json.need(block, "tool_use_id", where), content(block, "content", where + ".content"));
      }
      case "thinking", "redacted_thinking" -> {
        dropped.note("messages[].content[].thinking");
        yield null;
      }
      default ->
          throw new UntranslatableException(
              where + ".type",
              "cannot be translated; expected text, image, tool_use or tool_result");
    };
  }

  private static Part image(JsonNode source, String where) throws UntranslatableException {
    return switch (Json.string(source, "type")) {
      case "base64" ->
          new Part.ImageData(
              Json.need(source, "media_type", where), Json.need(source, "data", where));
      case "url" -> new Part.ImageUrl(Json.need(source, "url", where));
      default ->
          throw new UntranslatableException(
              where + ".type", "cannot be translated; expected base64 or url");
    };
  }

  private List<Tool> tools() throws UntranslatableException {
    ArrayNode list = Json.list(body, "tools", "");
    List<Tool> tools = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      JsonNode tool = list.get(i);
      String where = "tools[" + i + ']';
      if (Json.has(tool, "type") && !Json.string(tool, "type").equals("custom")) {
        throw new UntranslatableException(
            where + ".type", "only the provider's own API has this tool; expected custom");
      }
      noteIf(tool, "cache_control", "cache_control");
      tools.add(
          new Tool(
              Json.need(tool, "name", where),
              Json.string(tool, "description"),
              Json.get(tool, "input_schema"),
              ChatRequestReader.flag(tool, "strict")));
    }
    return tools;
  }

  private Tool.@Nullable Choice choice() throws UntranslatableException {
    JsonNode choice = Json.get(body, "tool_choice");
    if (choice == null) {
      return null;
    }
    return switch (Json.string(choice, "type")) {
      case "auto" -> new Tool.Choice.Auto();
      case "any" -> new Tool.Choice.Any();
      case "none" -> new Tool.Choice.None();
      case "tool" -> new Tool.Choice.Named(Json.need(choice, "name", "tool_choice"));
      default ->
          throw new UntranslatableException("tool_choice.type", "expected auto, any, tool or none");
    };
  }

  private Settings settings() throws UntranslatableException {
    List<String> stop = new ArrayList<>();
    for (JsonNode text : Json.list(body, "stop_sequences", "").values()) {
      stop.add(text.stringValue(""));
    }
    Boolean serial = ChatRequestReader.flag(body.path("tool_choice"), "disable_parallel_tool_use");
    return new Settings(
        Json.get(body, "max_tokens"),
        Json.get(body, "temperature"),
        Json.get(body, "top_p"),
        stop,
        body.path("stream").booleanValue(false) ? Streaming.WITH_USAGE : Streaming.OFF,
        serial == null ? null : Boolean.valueOf(!serial),
        shape(),
        ChatRequestReader.text(body.path("output_config"), "effort"),
        ChatRequestReader.text(body.path("metadata"), "user_id"),
        Map.of());
  }

  private @Nullable Shape shape() {
    JsonNode newer = body.path("output_config").path("format");
    JsonNode format = newer.isObject() ? newer : body.path("output_format");
    return Json.has(format, "schema")
        ? new Shape.Schema(SCHEMA_NAME, format.path("schema"), Boolean.TRUE)
        : null;
  }

  private void noteIf(JsonNode node, String field, String name) {
    if (Json.has(node, field)) {
      dropped.note(name);
    }
  }
}
