package dev.keygate.ai.translate;

import dev.keygate.ai.translate.Conversation.Settings;
import dev.keygate.ai.translate.Conversation.Shape;
import dev.keygate.ai.translate.Conversation.Streaming;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Reads a request of OpenAI's Responses API. */
final class ResponsesRequestReader {
  private final JsonNode body;
  private final Dropped dropped;

  private ResponsesRequestReader(JsonNode body, Dropped dropped) {
    this.body = body;
    this.dropped = dropped;
  }

  static Conversation read(JsonNode body, Dropped dropped) throws UntranslatableException {
    ResponsesRequestReader reader = new ResponsesRequestReader(body, dropped);
    return new Conversation(
        reader.turns(),
        OpenAiTools.read(body, ""),
        OpenAiTools.choice(body, ""),
        reader.settings());
  }

  private List<Turn> turns() throws UntranslatableException {
    List<Turn> turns = new ArrayList<>();
    if (Json.has(body, "instructions")) {
      turns.add(
          new Turn(
              Turn.Role.SYSTEM,
              List.of(new Part.Text(Json.need(body, "instructions", "request")))));
    }
    JsonNode input = body.path("input");
    if (input.isString()) {
      turns.add(new Turn(Turn.Role.USER, List.of(new Part.Text(input.stringValue()))));
      return turns;
    }
    ArrayNode items = Json.list(body, "input", "");
    for (int i = 0; i < items.size(); i++) {
      Turn turn = item(items.get(i), "input[" + i + ']');
      if (turn != null) {
        turns.add(turn);
      }
    }
    return turns;
  }

  private @Nullable Turn item(JsonNode item, String where) throws UntranslatableException {
    return switch (Json.has(item, "type") ? Json.string(item, "type") : "message") {
      case "message" ->
          new Turn(
              role(Json.need(item, "role", where), where),
              content(item.path("content"), where + ".content"));
      case "function_call" ->
          new Turn(
              Turn.Role.ASSISTANT,
              List.of(
                  new Part.ToolCall(
                      Json.need(item, "call_id", where),
                      Json.need(item, "name", where),
                      Json.need(item, "arguments", where))));
      case "function_call_output" ->
          new Turn(
              Turn.Role.TOOL,
              List.of(
                  new Part.ToolResult(
                      Json.need(item, "call_id", where),
                      content(item.path("output"), where + ".output"))));
      case "reasoning" -> {
        dropped.note("input[].reasoning");
        yield null;
      }
      default ->
          throw new UntranslatableException(
              where + ".type",
              "cannot be translated; expected message, function_call or function_call_output");
    };
  }

  private static Turn.Role role(String role, String where) throws UntranslatableException {
    return switch (role) {
      case "user" -> Turn.Role.USER;
      case "assistant" -> Turn.Role.ASSISTANT;
      case "system" -> Turn.Role.SYSTEM;
      case "developer" -> Turn.Role.DEVELOPER;
      default ->
          throw new UntranslatableException(
              where + ".role", "expected user, assistant, system or developer");
    };
  }

  private List<Part> content(JsonNode content, String where) throws UntranslatableException {
    if (content.isString()) {
      return List.of(new Part.Text(content.stringValue()));
    }
    if (!(content instanceof ArrayNode list)) {
      throw new UntranslatableException(where, "expected a string or a list");
    }
    List<Part> parts = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      parts.add(part(list.get(i), where + '[' + i + ']'));
    }
    return parts;
  }

  private Part part(JsonNode part, String where) throws UntranslatableException {
    return switch (Json.string(part, "type")) {
      case "input_text", "output_text", "text" -> new Part.Text(Json.need(part, "text", where));
      case "refusal" -> new Part.Text(Json.need(part, "refusal", where));
      case "input_image" -> {
        String detail = Json.string(part, "detail");
        if (!detail.isEmpty() && !detail.equals("auto")) {
          dropped.note("input[].content[].detail");
        }
        yield ImageUrls.read(Json.need(part, "image_url", where), where + ".image_url");
      }
      default ->
          throw new UntranslatableException(
              where + ".type",
              "cannot be translated; expected input_text, output_text or input_image");
    };
  }

  private Settings settings() throws UntranslatableException {
    return new Settings(
        Json.get(body, "max_output_tokens"),
        Json.get(body, "temperature"),
        Json.get(body, "top_p"),
        List.of(),
        body.path("stream").booleanValue(false) ? Streaming.WITH_USAGE : Streaming.OFF,
        ChatRequestReader.parallelCalls(body),
        shape(),
        ChatRequestReader.text(body.path("reasoning"), "effort"),
        ChatRequestReader.text(body, "user"),
        SharedFields.read(body));
  }

  private @Nullable Shape shape() throws UntranslatableException {
    JsonNode text = body.path("text");
    if (Json.has(text, "verbosity")) {
      dropped.note("text.verbosity");
    }
    JsonNode format = text.path("format");
    return switch (Json.string(format, "type")) {
      case "json_object" -> new Shape.AnyObject();
      case "json_schema" ->
          new Shape.Schema(
              Json.need(format, "name", "text.format"),
              Json.get(format, "schema"),
              ChatRequestReader.flag(format, "strict"));
      default -> null;
    };
  }
}
