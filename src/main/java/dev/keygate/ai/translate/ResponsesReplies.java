package dev.keygate.ai.translate;

import dev.keygate.ai.translate.Reply.Ending;
import dev.keygate.ai.translate.Reply.Stop;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers of OpenAI's Responses API. */
final class ResponsesReplies {
  private ResponsesReplies() {}

  static Reply read(JsonNode body) throws UntranslatableException {
    if (!body.path("output").isArray()) {
      throw new UntranslatableException("output", "expected an answer");
    }
    List<Part> parts = new ArrayList<>();
    for (JsonNode item : body.path("output").values()) {
      switch (Json.string(item, "type")) {
        case "message" -> message(item.path("content"), parts);
        case "function_call" ->
            parts.add(
                new Part.ToolCall(
                    Json.string(item, "call_id"),
                    Json.string(item, "name"),
                    ChatReplies.arguments(Json.string(item, "arguments"))));
        default -> {
          // Thoughts, which no other API has a place for.
        }
      }
    }
    return new Reply(
        Json.string(body, "id"),
        Json.string(body, "model"),
        parts,
        ending(body),
        usage(body.path("usage")));
  }

  private static void message(JsonNode content, List<Part> parts) {
    for (JsonNode part : content.values()) {
      switch (Json.string(part, "type")) {
        case "output_text" -> parts.add(new Part.Text(Json.string(part, "text")));
        case "refusal" -> parts.add(new Part.Text(Json.string(part, "refusal")));
        default -> {
          // Nothing that is shown.
        }
      }
    }
  }

  static Ending ending(JsonNode response) {
    if (Json.string(response, "status").equals("incomplete")) {
      String reason = Json.string(response.path("incomplete_details"), "reason");
      return Ending.of(reason.equals("content_filter") ? Stop.REFUSAL : Stop.LENGTH);
    }
    for (JsonNode item : response.path("output").values()) {
      if (Json.string(item, "type").equals("function_call")) {
        return Ending.of(Stop.TOOL_CALLS);
      }
    }
    return Ending.of(Stop.DONE);
  }

  static TokenUsage usage(JsonNode usage) {
    return new TokenUsage(
        Json.count(usage, "input_tokens"),
        Json.count(usage.path("input_tokens_details"), "cached_tokens"),
        Json.count(usage.path("input_tokens_details"), "cache_write_tokens"),
        Json.count(usage, "output_tokens"),
        Json.count(usage.path("output_tokens_details"), "reasoning_tokens"));
  }

  static ObjectNode write(Reply reply, long unixSeconds) {
    ArrayNode output = Json.array();
    List<Part> texts = reply.parts().stream().filter(Part.Text.class::isInstance).toList();
    if (!texts.isEmpty()) {
      ObjectNode item = message(messageId(0), "completed");
      ArrayNode content = item.putArray("content");
      for (Part part : texts) {
        content.add(text(((Part.Text) part).text()));
      }
      output.add(item);
    }
    for (Part part : reply.parts()) {
      if (part instanceof Part.ToolCall call) {
        output.add(call(callId(output.size()), call, "completed"));
      }
    }
    ObjectNode body =
        response(reply.id(), reply.model(), status(reply.ending().stop()), unixSeconds);
    return finished(body, output, reply.ending().stop(), reply.usage());
  }

  static ObjectNode finished(ObjectNode body, ArrayNode output, Stop stop, TokenUsage usage) {
    switch (stop) {
      case LENGTH -> body.putObject("incomplete_details").put("reason", "max_output_tokens");
      case REFUSAL -> body.putObject("incomplete_details").put("reason", "content_filter");
      case DONE, SEQUENCE, TOOL_CALLS -> {
        // Complete.
      }
    }
    body.set("output", output);
    body.set("usage", usage(usage));
    return body;
  }

  static String status(Stop stop) {
    return stop == Stop.LENGTH || stop == Stop.REFUSAL ? "incomplete" : "completed";
  }

  /** The object around an answer, with what it was asked with at its defaults. */
  static ObjectNode response(String id, String model, String status, long unixSeconds) {
    ObjectNode body = Json.object().put("id", id).put("object", "response");
    body.put("created_at", unixSeconds).put("status", status);
    body.putNull("error").putNull("incomplete_details").putNull("instructions");
    body.put("model", model).putNull("previous_response_id").put("parallel_tool_calls", true);
    body.putNull("temperature").putNull("top_p").put("tool_choice", "auto").putArray("tools");
    body.putObject("metadata");
    body.putArray("output");
    return body.putNull("usage");
  }

  static String messageId(int index) {
    return "msg_" + index;
  }

  static String callId(int index) {
    return "fc_" + index;
  }

  static ObjectNode message(String id, String status) {
    ObjectNode item = Json.object().put("id", id).put("type", "message");
    return item.put("status", status).put("role", "assistant");
  }

  static ObjectNode text(String text) {
    ObjectNode part = Json.object().put("type", "output_text").put("text", text);
    part.putArray("annotations");
    part.putArray("logprobs");
    return part;
  }

  static ObjectNode call(String id, Part.ToolCall call, String status) {
    return Json.object()
        .put("id", id)
        .put("type", "function_call")
        .put("status", status)
        .put("call_id", call.id())
        .put("name", call.name())
        .put("arguments", call.arguments());
  }

  static ObjectNode usage(TokenUsage usage) {
    ObjectNode node = Json.object().put("input_tokens", usage.input());
    ObjectNode details = node.putObject("input_tokens_details");
    details.put("cached_tokens", usage.cacheRead()).put("cache_write_tokens", usage.cacheWrite());
    node.put("output_tokens", usage.output());
    node.putObject("output_tokens_details").put("reasoning_tokens", usage.reasoning());
    return node.put("total_tokens", usage.input() + usage.output());
  }
}
