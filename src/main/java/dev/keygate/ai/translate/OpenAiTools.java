package dev.keygate.ai.translate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tools in OpenAI's two APIs: Chat Completions put a function's fields into {@code function},
 * Responses beside its type. {@code inside} is the name of that field, or empty for none.
 */
final class OpenAiTools {
  private OpenAiTools() {}

  static List<Tool> read(JsonNode body, String inside) throws UntranslatableException {
    ArrayNode list = Json.list(body, "tools", "");
    List<Tool> tools = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      String where = "tools[" + i + ']';
      JsonNode tool = list.get(i);
      if (!Json.string(tool, "type").equals("function")) {
        throw new UntranslatableException(
            where + ".type", "only the provider's own API has this tool; expected function");
      }
      JsonNode function = inside.isEmpty() ? tool : tool.path(inside);
      tools.add(
          new Tool(
              Json.need(function, "name", where),
              Json.string(function, "description"),
              Json.get(function, "parameters"),
              ChatRequestReader.flag(function, "strict")));
    }
    return tools;
  }

  static Tool.@Nullable Choice choice(JsonNode body, String inside) throws UntranslatableException {
    JsonNode choice = Json.get(body, "tool_choice");
    if (choice == null) {
      return null;
    }
    return switch (choice.stringValue(Json.string(choice, "type"))) {
      case "auto" -> new Tool.Choice.Auto();
      case "none" -> new Tool.Choice.None();
      case "required" -> new Tool.Choice.Any();
      case "function" ->
          new Tool.Choice.Named(
              Json.need(inside.isEmpty() ? choice : choice.path(inside), "name", "tool_choice"));
      default ->
          throw new UntranslatableException(
              "tool_choice",
              "cannot be translated; expected auto, none, required or a function's name");
    };
  }

  static void write(Conversation conversation, String inside, ObjectNode body) {
    if (!conversation.tools().isEmpty()) {
      ArrayNode list = body.putArray("tools");
      for (Tool tool : conversation.tools()) {
        ObjectNode entry = list.addObject().put("type", "function");
        write(tool, inside.isEmpty() ? entry : entry.putObject(inside));
      }
    }
    Tool.Choice choice = conversation.choice();
    if (choice != null) {
      switch (choice) {
        case Tool.Choice.Auto() -> body.put("tool_choice", "auto");
        case Tool.Choice.None() -> body.put("tool_choice", "none");
        case Tool.Choice.Any() -> body.put("tool_choice", "required");
        case Tool.Choice.Named(String name) -> {
          ObjectNode entry = body.putObject("tool_choice").put("type", "function");
          (inside.isEmpty() ? entry : entry.putObject(inside)).put("name", name);
        }
      }
    }
    Boolean parallel = conversation.settings().parallelCalls();
    if (parallel != null && !conversation.tools().isEmpty()) {
      body.put("parallel_tool_calls", parallel);
    }
  }

  private static void write(Tool tool, ObjectNode function) {
    function.put("name", tool.name());
    if (!tool.description().isEmpty()) {
      function.put("description", tool.description());
    }
    JsonNode parameters = tool.parameters();
    if (parameters != null) {
      function.set("parameters", parameters);
    }
    Boolean strict = tool.strict();
    if (strict != null) {
      function.put("strict", strict);
    }
  }
}
