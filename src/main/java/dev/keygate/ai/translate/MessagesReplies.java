package dev.keygate.ai.translate;

import dev.keygate.ai.translate.Reply.Ending;
import dev.keygate.ai.translate.Reply.Stop;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers of Anthropic's Messages API. */
final class MessagesReplies {
  private MessagesReplies() {}

  static Reply read(JsonNode body) throws UntranslatableException {
    if (!body.path("content").isArray()) {
      throw new UntranslatableException("content", "expected an answer");
    }
    List<Part> parts = new ArrayList<>();
    for (JsonNode block : body.path("content").values()) {
      switch (Json.string(block, "type")) {
        case "text" -> parts.add(new Part.Text(Json.string(block, "text")));
        case "tool_use" ->
            parts.add(
                new Part.ToolCall(
                    Json.string(block, "id"),
                    Json.string(block, "name"),
                    Json.has(block, "input") ? Json.text(block.path("input")) : "{}"));
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

  static Ending ending(JsonNode of) {
    Stop stop =
        switch (Json.string(of, "stop_reason")) {
          case "max_tokens", "model_context_window_exceeded" -> Stop.LENGTH;
          case "stop_sequence" -> Stop.SEQUENCE;
          case "tool_use" -> Stop.TOOL_CALLS;
          case "refusal" -> Stop.REFUSAL;
          default -> Stop.DONE;
        };
    String sequence = Json.string(of, "stop_sequence");
    return new Ending(stop, sequence.isEmpty() ? null : sequence);
  }

  static String reason(Stop stop) {
    return switch (stop) {
      case DONE -> "end_turn";
      case SEQUENCE -> "stop_sequence";
      case LENGTH -> "max_tokens";
      case TOOL_CALLS -> "tool_use";
      case REFUSAL -> "refusal";
    };
  }

  /** What came from a cache, or went to one, is counted beside the input here. */
  static TokenUsage usage(JsonNode usage) {
    long read = Json.count(usage, "cache_read_input_tokens");
    long written = Json.count(usage, "cache_creation_input_tokens");
    return new TokenUsage(
        Json.count(usage, "input_tokens") + read + written,
        read,
        written,
        Json.count(usage, "output_tokens"),
        0);
  }

  static ObjectNode write(Reply reply) throws UntranslatableException {
    ObjectNode body = message(reply.id(), reply.model());
    MessagesRequestWriter.blocks(reply.parts(), body.putArray("content"));
    body.put("stop_reason", reason(reply.ending().stop()));
    body.put("stop_sequence", reply.ending().stopSequence());
    body.set("usage", usage(reply.usage()));
    return body;
  }

  static ObjectNode message(String id, String model) {
    return Json.object()
        .put("id", id)
        .put("type", "message")
        .put("role", "assistant")
        .put("model", model);
  }

  static ObjectNode usage(TokenUsage usage) {
    long fresh = usage.input() - usage.cacheRead() - usage.cacheWrite();
    return Json.object()
        .put("input_tokens", Math.max(0, fresh))
        .put("cache_creation_input_tokens", usage.cacheWrite())
        .put("cache_read_input_tokens", usage.cacheRead())
        .put("output_tokens", usage.output());
  }
}
