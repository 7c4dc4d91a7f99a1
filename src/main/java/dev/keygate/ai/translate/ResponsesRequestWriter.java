package dev.keygate.ai.translate;

import dev.keygate.ai.translate.Conversation.Settings;
import dev.keygate.ai.translate.Conversation.Shape;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a request of OpenAI's Responses API. */
final class ResponsesRequestWriter {
  private ResponsesRequestWriter() {}

  static ObjectNode write(Conversation conversation, Target target) throws UntranslatableException {
    ObjectNode body = Json.object().put("model", target.model());
    ArrayNode input = body.putArray("input");
    for (Turn turn : conversation.turns()) {
      write(turn, input);
    }
    OpenAiTools.write(conversation, "", body);
    write(conversation.settings(), body);
    return body;
  }

  private static void write(Turn turn, ArrayNode input) {
    ArrayNode content = Json.array();
    String text = turn.role() == Turn.Role.ASSISTANT ? "output_text" : "input_text";
    for (Part part : turn.parts()) {
      shown(part, text, content);
    }
    if (!content.isEmpty()) {
      ObjectNode message = input.addObject().put("type", "message").put("role", role(turn.role()));
      boolean isPlain = content.size() == 1 && content.get(0).has("text");
      if (isPlain) {
        message.set("content", content.get(0).path("text"));
      } else {
        message.set("content", content);
      }
    }
    for (Part part : turn.parts()) {
      item(part, input);
    }
  }

  private static String role(Turn.Role role) {
    return switch (role) {
      case SYSTEM -> "system";
      case DEVELOPER -> "developer";
      case ASSISTANT -> "assistant";
      case USER, TOOL -> "user";
    };
  }

  private static void shown(Part part, String textType, ArrayNode content) {
    switch (part) {
      case Part.Text(String text) -> content.addObject().put("type", textType).put("text", text);
      case Part.Image image ->
          content
              .addObject()
              .put("type", "input_image")
              .put("image_url", ImageUrls.write(image))
              .put("detail", "auto");
      case Part.ToolCall _, Part.ToolResult _ -> {
        // Are items of their own.
      }
    }
  }

  private static void item(Part part, ArrayNode input) {
    switch (part) {
      case Part.ToolCall call ->
          input
              .addObject()
              .put("type", "function_call")
              .put("call_id", call.id())
              .put("name", call.name())
              .put("arguments", call.arguments());
      case Part.ToolResult(String callId, List<Part> parts) -> {
        ObjectNode item = input.addObject().put("type", "function_call_output");
        item.put("call_id", callId);
        if (parts.size() == 1 && parts.getFirst() instanceof Part.Text text) {
          item.put("output", text.text());
        } else if (parts.isEmpty()) {
          item.put("output", "");
        } else {
          ArrayNode output = item.putArray("output");
          parts.forEach(inner -> shown(inner, "input_text", output));
        }
      }
      case Part.Text _, Part.Image _ -> {
        // Are in the message.
      }
    }
  }

  private static void write(Settings settings, ObjectNode body) throws UntranslatableException {
    ChatRequestWriter.put("temperature", settings.temperature(), body);
    ChatRequestWriter.put("top_p", settings.topP(), body);
    ChatRequestWriter.put("max_output_tokens", settings.maxTokens(), body);
    if (!settings.stop().isEmpty()) {
      throw new UntranslatableException(
          "stop sequences", "the Responses API has none; expected a request without");
    }
    if (settings.streaming().isOn()) {
      body.put("stream", true);
    }
    if (settings.effort() != null) {
      body.putObject("reasoning").put("effort", settings.effort());
    }
    if (settings.user() != null) {
      body.put("user", settings.user());
    }
    switch (settings.shape()) {
      case null -> {
        // Text.
      }
      case Shape.AnyObject() ->
          body.putObject("text").putObject("format").put("type", "json_object");
      case Shape.Schema shape ->
          ChatRequestWriter.schema(
              shape, body.putObject("text").putObject("format").put("type", "json_schema"));
    }
    settings.shared().forEach(body::set);
    // Kept by default here, nowhere else: a client of another API did not ask for that.
    if (!settings.shared().containsKey("store")) {
      body.put("store", false);
    }
  }
}
