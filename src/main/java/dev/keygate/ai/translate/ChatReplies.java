package dev.keygate.ai.translate;

import dev.keygate.ai.translate.Reply.Ending;
import dev.keygate.ai.translate.Reply.Stop;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers of OpenAI's Chat Completions API. */
final class ChatReplies {
  private ChatReplies() {}

  static Reply read(JsonNode body) throws UntranslatableException {
    JsonNode choice = body.path("choices").path(0);
    JsonNode message = choice.path("message");
    if (!message.isObject()) {
      throw new UntranslatableException("choices[0].message", "expected an answer");
    }
    List<Part> parts = new ArrayList<>();
    text(message, "content", parts);
    text(message, "refusal", parts);
    int count = 0;
    for (JsonNode call : message.path("tool_calls").values()) {
      JsonNode function = call.path("function");
      String id = Json.string(call, "id");
      parts.add(
          new Part.ToolCall(
              id.isEmpty() ? "call_" + count : id,
              Json.string(function, "name"),
              arguments(Json.string(function, "arguments"))));
      count++;
    }
    String reason = Json.string(choice, "finish_reason");
    return new Reply(
        Json.string(body, "id"),
        Json.string(body, "model"),
        parts,
        Ending.of(stop(reason)),
        usage(body.path("usage")));
  }

  private static void text(JsonNode message, String field, List<Part> parts) {
    String text = Json.string(message, field);
    if (!text.isEmpty()) {
      parts.add(new Part.Text(text));
    }
  }

  /** A call without arguments may come as none at all. */
  static String arguments(String text) {
    return text.isBlank() ? "{}" : text;
  }

  static Stop stop(String reason) {
    return switch (reason) {
      case "length" -> Stop.LENGTH;
      case "tool_calls", "function_call" -> Stop.TOOL_CALLS;
      case "content_filter" -> Stop.REFUSAL;
      default -> Stop.DONE;
    };
  }

  static String reason(Stop stop) {
    return switch (stop) {
      case DONE, SEQUENCE -> "stop";
      case LENGTH -> "length";
      case TOOL_CALLS -> "tool_calls";
      case REFUSAL -> "content_filter";
    };
  }

  static TokenUsage usage(JsonNode usage) {
    return new TokenUsage(
        Json.count(usage, "prompt_tokens"),
        Json.count(usage.path("prompt_tokens_details"), "cached_tokens"),
        Json.count(usage.path("prompt_tokens_details"), "cache_write_tokens"),
        Json.count(usage, "completion_tokens"),
        Json.count(usage.path("completion_tokens_details"), "reasoning_tokens"));
  }

  static ObjectNode write(Reply reply, long unixSeconds) {
    ObjectNode body = envelope("chat.completion", reply.id(), reply.model(), unixSeconds);
    ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
    ObjectNode message = choice.putObject("message").put("role", "assistant");
    StringBuilder text = new StringBuilder();
    boolean isSaid = false;
    for (Part part : reply.parts()) {
      if (part instanceof Part.Text(String said)) {
        text.append(said);
        isSaid = true;
      }
    }
    message.put("content", isSaid ? text.toString() : null).putNull("refusal");
    message.putArray("annotations");
    ChatRequestWriter.calls(reply.parts(), message);
    choice.putNull("logprobs").put("finish_reason", reason(reply.ending().stop()));
    body.set("usage", usage(reply.usage()));
    return body;
  }

  static ObjectNode envelope(String object, String id, String model, long unixSeconds) {
    return Json.object()
        .put("id", id)
        .put("object", object)
        .put("created", unixSeconds)
        .put("model", model);
  }

  static ObjectNode usage(TokenUsage usage) {
    ObjectNode node = Json.object();
    node.put("prompt_tokens", usage.input());
    node.put("completion_tokens", usage.output());
    node.put("total_tokens", usage.input() + usage.output());
    ObjectNode details = node.putObject("prompt_tokens_details");
    details.put("cached_tokens", usage.cacheRead());
    if (usage.cacheWrite() > 0) {
      details.put("cache_write_tokens", usage.cacheWrite());
    }
    node.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoning());
    return node;
  }
}
