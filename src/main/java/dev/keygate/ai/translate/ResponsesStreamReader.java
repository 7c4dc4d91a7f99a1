package dev.keygate.ai.translate;

import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Reads a stream of the Responses API. */
final class ResponsesStreamReader extends StreamReader {
  ResponsesStreamReader(Consumer<StreamEvent> events) {
    super(events);
  }

  @Override
  void read(JsonNode event) throws UntranslatableException {
    JsonNode response = event.path("response");
    switch (Json.string(event, "type")) {
      case "response.created" ->
          begin(Json.string(response, "id"), Json.string(response, "model"), TokenUsage.NONE);
      case "response.output_item.added" -> {
        JsonNode item = event.path("item");
        if (Json.string(item, "type").equals("function_call")) {
          tool(Json.string(item, "call_id"), Json.string(item, "name"));
        }
      }
      case "response.output_text.delta", "response.refusal.delta" ->
          text(Json.string(event, "delta"));
      case "response.function_call_arguments.delta" -> arguments(Json.string(event, "delta"));
      case "response.content_part.done", "response.output_item.done" -> endBlock();
      case "response.completed", "response.incomplete" ->
          finish(ResponsesReplies.ending(response), ResponsesReplies.usage(response.path("usage")));
      case "response.failed" -> fail(ProviderError.read(response));
      case "error" -> fail(ProviderError.read(event));
      default -> {
        // Progress, and what has no place in another API.
      }
    }
  }

  @Override
  void end() {
    // Only its last event ends it.
  }
}
