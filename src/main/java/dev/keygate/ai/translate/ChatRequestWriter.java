package dev.keygate.ai.translate;

import dev.keygate.ai.translate.Conversation.Settings;
import dev.keygate.ai.translate.Conversation.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a request of OpenAI's Chat Completions API. */
final class ChatRequestWriter {
  private ChatRequestWriter() {}

  static ObjectNode write(Conversation conversation, Target target) throws UntranslatableException {
    ObjectNode body = Json.object().put("model", target.model());
    ArrayNode messages = body.putArray("messages");
    for (Turn turn : Turn.merged(conversation.turns(), List.of(Turn.Role.ASSISTANT))) {
      write(turn, messages);
    }
    OpenAiTools.write(conversation, "function", body);
    write(conversation.settings(), target, body);
    return body;
  }

  private static void write(Turn turn, ArrayNode messages) throws UntranslatableException {
    switch (turn.role()) {
      // Providers that follow OpenAI know the older name; OpenAI itself takes one for the other.
      case SYSTEM, DEVELOPER -> said("system", turn, messages);
      case USER -> said("user", turn, messages);
      case ASSISTANT -> {
        ObjectNode message = said("assistant", turn, messages);
        calls(turn.parts(), message);
      }
      case TOOL -> {
        for (Part part : turn.parts()) {
          if (part instanceof Part.ToolResult result) {
            result(result, messages);
          }
        }
      }
    }
  }

  private static ObjectNode said(String role, Turn turn, ArrayNode messages) {
    ObjectNode message = messages.addObject().put("role", role);
    content(turn.parts(), message);
    return message;
  }

  /** A single text as a string, as every provider takes it; else a list. */
  private static void content(List<Part> parts, ObjectNode message) {
    List<Part> shown =
        parts.stream().filter(p -> p instanceof Part.Text || p instanceof Part.Image).toList();
    if (shown.isEmpty()) {
      message.putNull("content");
      return;
    }
    if (shown.size() == 1 && shown.getFirst() instanceof Part.Text text) {
      message.put("content", text.text());
      return;
    }
    ArrayNode content = message.putArray("content");
    for (Part part : shown) {
      switch (part) {
        case Part.Text text -> content.addObject().put("type", "text").put("text", text.text());
        case Part.Image image ->
            content
                .addObject()
                .put("type", "image_url")
                .putObject("image_url")
                .put("url", ImageUrls.write(image));
        case Part.ToolCall _, Part.ToolResult _ -> {
          // Have their own places.
        }
      }
    }
  }

  static void calls(List<Part> parts, ObjectNode message) {
    ArrayNode calls = Json.array();
    for (Part part : parts) {
      if (part instanceof Part.ToolCall call) {
        calls
            .addObject()
            .put("id", call.id())
            .put("type", "function")
            .putObject("function")
            .put("name", call.name())
            .put("arguments", call.arguments());
      }
    }
    if (!calls.isEmpty()) {
      message.set("tool_calls", calls);
    }
  }

  private static void result(Part.ToolResult result, ArrayNode messages)
      throws UntranslatableException {
    if (result.content().stream().anyMatch(Part.Image.class::isInstance)) {
      throw new UntranslatableException(
          "the result of tool call " + result.callId(),
          "holds an image, which Chat Completions take only from a user; expected text");
    }
    ObjectNode message = messages.addObject().put("role", "tool");
    message.put("tool_call_id", result.callId());
    content(result.content(), message);
    if (message.path("content").isNull()) {
      message.put("content", "");
    }
  }

  private static void write(Settings settings, Target target, ObjectNode body) {
    put("temperature", settings.temperature(), body);
    put("top_p", settings.topP(), body);
    put(target.limitField(), settings.maxTokens(), body);
    if (!settings.stop().isEmpty()) {
      ArrayNode stop = body.putArray("stop");
      settings.stop().forEach(stop::add);
    }
    if (settings.streaming().isOn()) {
      body.put("stream", true);
      body.putObject("stream_options").put("include_usage", true);
    }
    if (settings.effort() != null) {
      body.put("reasoning_effort", settings.effort());
    }
    if (settings.user() != null) {
      body.put("user", settings.user());
    }
    switch (settings.shape()) {
      case null -> {
        // Text.
      }
      case Shape.AnyObject() -> body.putObject("response_format").put("type", "json_object");
      case Shape.Schema shape -> {
        ObjectNode format = body.putObject("response_format").put("type", "json_schema");
        schema(shape, format.putObject("json_schema"));
      }
    }
    settings.shared().forEach(body::set);
  }

  static void schema(Shape.Schema shape, ObjectNode format) {
    format.put("name", shape.name());
    put("schema", shape.schema(), format);
    if (shape.strict() != null) {
      format.put("strict", shape.strict());
    }
  }

  static void put(String name, @Nullable JsonNode value, ObjectNode body) {
    if (value != null) {
      body.set(name, value);
    }
  }
}
