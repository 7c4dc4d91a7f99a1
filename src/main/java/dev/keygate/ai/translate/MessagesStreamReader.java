package dev.keygate.ai.translate;

import dev.keygate.ai.translate.Reply.Ending;
import dev.keygate.ai.translate.Reply.Stop;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Reads a stream of the Messages API. */
final class MessagesStreamReader extends StreamReader {
  private TokenUsage usage = TokenUsage.NONE;
  private Ending ending = Ending.of(Stop.DONE);

  MessagesStreamReader(Consumer<StreamEvent> events) {
    super(events);
  }

  @Override
  void read(JsonNode event) throws UntranslatableException {
    switch (Json.string(event, "type")) {
      case "message_start" -> {
        JsonNode message = event.path("message");
        usage = MessagesReplies.usage(message.path("usage"));
        begin(Json.string(message, "id"), Json.string(message, "model"), usage);
      }
      case "content_block_start" -> blockStart(event.path("content_block"));
      case "content_block_delta" -> {
        JsonNode delta = event.path("delta");
        switch (Json.string(delta, "type")) {
          case "text_delta" -> text(Json.string(delta, "text"));
          case "input_json_delta" -> arguments(Json.string(delta, "partial_json"));
          default -> {
            // Thoughts, signatures and citations, which no other API has a place for.
          }
        }
      }
      case "content_block_stop" -> endBlock();
      case "message_delta" -> {
        ending = MessagesReplies.ending(event.path("delta"));
        usage = latest(event.path("usage"));
      }
      case "message_stop" -> finish(ending, usage);
      default -> {
        // Pings, and what is new: to be passed over (Anthropic's streaming documentation).
      }
    }
  }

  private void blockStart(JsonNode block) {
    switch (Json.string(block, "type")) {
      case "text" -> text(Json.string(block, "text"));
      case "tool_use" -> tool(Json.string(block, "id"), Json.string(block, "name"));
      default -> endBlock();
    }
  }

  /** Counts at the end are sums; of those that are left out, what the start said stands. */
  private TokenUsage latest(JsonNode counts) {
    TokenUsage told = MessagesReplies.usage(counts);
    boolean isWhole = Json.has(counts, "input_tokens");
    return isWhole
        ? told
        : new TokenUsage(usage.input(), usage.cacheRead(), usage.cacheWrite(), told.output(), 0);
  }

  @Override
  void end() {
    // Only message_stop ends it.
  }
}
