package dev.keygate.ai.translate;

import dev.keygate.ai.translate.Conversation.Settings;
import dev.keygate.ai.translate.Conversation.Shape;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a request of Anthropic's Messages API. */
final class MessagesRequestWriter {
  private final Dropped dropped;
  private final ObjectNode body = Json.object();

  private MessagesRequestWriter(Dropped dropped) {
    this.dropped = dropped;
  }

  static ObjectNode write(Conversation conversation, Target target, Dropped dropped)
      throws UntranslatableException {
    MessagesRequestWriter writer = new MessagesRequestWriter(dropped);
    writer.body.put("model", target.model());
    writer.system(conversation.turns());
    writer.messages(conversation.turns());
    writer.tools(conversation);
    writer.settings(conversation.settings(), target);
    return writer.body;
  }

  /** Instructions have one place here, before all that is said. */
  private void system(List<Turn> turns) {
    List<String> texts = new ArrayList<>();
    boolean isTalk = false;
    for (Turn turn : turns) {
      isTalk |= !turn.role().isInstruction();
      if (turn.role().isInstruction()) {
        if (isTalk) {
          dropped.note("messages[].role");
        }
        turn.parts()
            .forEach(part -> {
              if (part instanceof Part.Text text && !text.text().isEmpty()) {
                texts.add(text.text());
              }
            });
      }
    }
    if (texts.size() == 1) {
      body.put("system", texts.getFirst());
    } else if (!texts.isEmpty()) {
      ArrayNode blocks = body.putArray("system");
      texts.forEach(text -> blocks.addObject().put("type", "text").put("text", text));
    }
  }

  private void messages(List<Turn> turns) throws UntranslatableException {
    List<Turn> talk = new ArrayList<>();
    for (Turn turn : turns) {
      if (!turn.role().isInstruction()) {
        boolean isTool = turn.role() == Turn.Role.TOOL;
        talk.add(isTool ? new Turn(Turn.Role.USER, turn.parts()) : turn);
      }
    }
    ArrayNode messages = body.putArray("messages");
    for (Turn turn : Turn.merged(talk, List.of(Turn.Role.USER, Turn.Role.ASSISTANT))) {
      ObjectNode message = Json.object();
      message.put("role", turn.role() == Turn.Role.USER ? "user" : "assistant");
      if (turn.parts().size() == 1 && turn.parts().getFirst() instanceof Part.Text text) {
        messages.add(message.put("content", text.text()));
      } else {
        ArrayNode content = message.putArray("content");
        blocks(turn.parts(), content);
        if (!content.isEmpty()) {
          messages.add(message);
        }
      }
    }
  }

  static void blocks(List<Part> parts, ArrayNode content) throws UntranslatableException {
    for (Part part : parts) {
      switch (part) {
        case Part.Text(String text) -> {
          // An empty one is refused; it says nothing.
          if (!text.isEmpty()) {
            content.addObject().put("type", "text").put("text", text);
          }
        }
        case Part.ImageUrl(String url) ->
            content
                .addObject()
                .put("type", "image")
                .putObject("source")
                .put("type", "url")
                .put("url", url);
        case Part.ImageData(String mediaType, String base64) ->
            content
                .addObject()
                .put("type", "image")
                .putObject("source")
                .put("type", "base64")
                .put("media_type", mediaType)
                .put("data", base64);
        case Part.ToolCall call -> {
          ObjectNode block = content.addObject().put("type", "tool_use").put("id", call.id());
          block.put("name", call.name()).set("input", input(call));
        }
        case Part.ToolResult result -> {
          ObjectNode block = content.addObject().put("type", "tool_result");
          block.put("tool_use_id", result.callId());
          result(result.content(), block);
        }
      }
    }
  }

  private static JsonNode input(Part.ToolCall call) throws UntranslatableException {
    return call.arguments().isBlank()
        ? Json.object()
        : Json.raw(call.arguments(), "the arguments of tool call " + call.id());
  }

  private static void result(List<Part> parts, ObjectNode block) throws UntranslatableException {
    if (parts.size() == 1 && parts.getFirst() instanceof Part.Text text) {
      block.put("content", text.text());
    } else if (!parts.isEmpty()) {
      blocks(parts, block.putArray("content"));
    }
  }

  private void tools(Conversation conversation) {
    ArrayNode tools = Json.array();
    for (Tool tool : conversation.tools()) {
      ObjectNode entry = tools.addObject().put("name", tool.name());
      if (!tool.description().isEmpty()) {
        entry.put("description", tool.description());
      }
      JsonNode parameters = tool.parameters();
      entry.set(
          "input_schema", parameters == null ? Json.object().put("type", "object") : parameters);
      if (tool.strict() != null) {
        entry.put("strict", tool.strict());
      }
    }
    if (!tools.isEmpty()) {
      body.set("tools", tools);
    }
    choice(conversation);
  }

  private void choice(Conversation conversation) {
    Boolean parallel = conversation.settings().parallelCalls();
    boolean isSerial = Boolean.FALSE.equals(parallel) && !conversation.tools().isEmpty();
    Tool.Choice choice = conversation.choice();
    if (choice == null && !isSerial) {
      return;
    }
    ObjectNode entry = body.putObject("tool_choice").put("type", type(choice));
    if (choice instanceof Tool.Choice.Named(String name)) {
      entry.put("name", name);
    }
    if (isSerial && !(choice instanceof Tool.Choice.None)) {
      entry.put("disable_parallel_tool_use", true);
    }
  }

  private static String type(Tool.@Nullable Choice choice) {
    return switch (choice) {
      case null -> "auto";
      case Tool.Choice.Auto() -> "auto";
      case Tool.Choice.None() -> "none";
      case Tool.Choice.Any() -> "any";
      case Tool.Choice.Named _ -> "tool";
    };
  }

  private void settings(Settings settings, Target target) throws UntranslatableException {
    JsonNode limit = settings.maxTokens();
    if (limit == null) {
      body.put("max_tokens", target.usualLimit());
    } else {
      body.set("max_tokens", limit);
    }
    JsonNode temperature = settings.temperature();
    // As a decimal: not every number that JSON can write is one that a double can hold.
    if (temperature != null
        && temperature.isNumber()
        && temperature.decimalValue().compareTo(BigDecimal.ONE) > 0) {
      throw new UntranslatableException("temperature", "the Messages API takes 0 to 1");
    }
    ChatRequestWriter.put("temperature", temperature, body);
    ChatRequestWriter.put("top_p", settings.topP(), body);
    if (!settings.stop().isEmpty()) {
      ArrayNode stop = body.putArray("stop_sequences");
      settings.stop().forEach(stop::add);
    }
    if (settings.streaming().isOn()) {
      body.put("stream", true);
    }
    if (settings.user() != null) {
      body.putObject("metadata").put("user_id", settings.user());
    }
    shape(settings.shape());
  }

  private void shape(@Nullable Shape shape) throws UntranslatableException {
    switch (shape) {
      case null -> {
        // Text.
      }
      case Shape.AnyObject() ->
          throw new UntranslatableException(
              "the JSON object format",
              "the Messages API needs a schema; expected the type json_schema");
      case Shape.Schema schema -> {
        if (schema.schema() == null) {
          throw new UntranslatableException(
              "the JSON schema format", "the Messages API needs a schema; expected one");
        }
        ObjectNode format = body.putObject("output_config").putObject("format");
        format.put("type", "json_schema").set("schema", schema.schema());
        if (!schema.name().equals(MessagesRequestReader.SCHEMA_NAME)) {
          dropped.note("json_schema.name");
        }
      }
    }
  }
}
