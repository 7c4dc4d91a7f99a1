package dev.keygate.ai.translate;

import dev.keygate.ai.translate.Reply.Ending;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads a stream of Chat Completions. Its chunks do not say where a tool call ends, so one ends
 * where the next begins, as all known providers send them; arguments of an earlier one after that
 * break the stream.
 */
final class ChatStreamReader extends StreamReader {
  private static final int MOST_CALLS = 1000;

  private final Set<Long> ended = new HashSet<>();
  private boolean hasBegun;
  private long index = -1;
  private String id = "";
  private @Nullable String reason;
  private TokenUsage usage = TokenUsage.NONE;

  ChatStreamReader(Consumer<StreamEvent> events) {
    super(events);
  }

  @Override
  void read(JsonNode chunk) throws UntranslatableException {
    if (Json.has(chunk, "usage")) {
      usage = ChatReplies.usage(chunk.path("usage"));
    }
    JsonNode choice = chunk.path("choices").path(0);
    if (!choice.isObject() || choice.path("index").intValue(0) != 0) {
      return;
    }
    if (!hasBegun) {
      hasBegun = true;
      begin(Json.string(chunk, "id"), Json.string(chunk, "model"), usage);
    }
    JsonNode delta = choice.path("delta");
    text(Json.string(delta, "content"));
    text(Json.string(delta, "refusal"));
    for (JsonNode call : delta.path("tool_calls").values()) {
      call(call);
    }
    if (Json.has(choice, "finish_reason")) {
      reason = Json.string(choice, "finish_reason");
    }
  }

  private void call(JsonNode call) throws UntranslatableException {
    long which = Json.count(call, "index");
    String named = Json.string(call, "id");
    JsonNode function = call.path("function");
    // Some providers number every call 0 and tell them apart by their ids.
    boolean isNext = which != index || (!named.isEmpty() && !named.equals(id));
    if (isNext) {
      if (which != index && !ended.add(which)) {
        throw new UntranslatableException("stream", "tool calls that take turns");
      }
      if (ended.size() > MOST_CALLS) {
        throw new UntranslatableException("stream", "more than " + MOST_CALLS + " tool calls");
      }
      index = which;
      id = named.isEmpty() ? "call_" + which : named;
      tool(id, Json.string(function, "name"));
    }
    arguments(Json.string(function, "arguments"));
  }

  @Override
  void end() {
    if (reason != null && !isOver()) {
      finish(Ending.of(ChatReplies.stop(reason)), usage);
    }
  }
}
