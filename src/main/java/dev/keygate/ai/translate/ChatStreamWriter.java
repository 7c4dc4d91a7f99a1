package dev.keygate.ai.translate;

import dev.keygate.ai.translate.Conversation.Streaming;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Writes a stream of Chat Completions. */
final class ChatStreamWriter extends StreamWriter {
  private final Streaming streaming;
  private final long unixSeconds;
  private String id = "";
  private String model = "";
  private int calls;
  private boolean hasRole;

  ChatStreamWriter(Streaming streaming, long unixSeconds) {
    this.streaming = streaming;
    this.unixSeconds = unixSeconds;
  }

  @Override
  void write(StreamEvent event) {
    switch (event) {
      case StreamEvent.Begin begin -> {
        id = begin.id();
        model = begin.model();
      }
      case StreamEvent.TextBegin() -> delta(Json.object().put("content", ""));
      case StreamEvent.TextDelta(String text) -> delta(Json.object().put("content", text));
      case StreamEvent.ToolBegin tool -> {
        ObjectNode delta = Json.object();
        ObjectNode call = delta.putArray("tool_calls").addObject().put("index", calls++);
        call.put("id", tool.id()).put("type", "function");
        call.putObject("function").put("name", tool.name()).put("arguments", "");
        delta(delta);
      }
      case StreamEvent.ToolDelta(String arguments) -> {
        ObjectNode delta = Json.object();
        ObjectNode call = delta.putArray("tool_calls").addObject().put("index", calls - 1);
        call.putObject("function").put("arguments", arguments);
        delta(delta);
      }
      case StreamEvent.BlockEnd() -> {
        // Chunks do not say so.
      }
      case StreamEvent.Finish finish -> finish(finish);
      case StreamEvent.Failed(ProviderError error) ->
          data(error.write(Dialect.CHAT, error.status()));
    }
  }

  private void delta(ObjectNode delta) {
    chunk(delta, null);
  }

  private void chunk(ObjectNode delta, @Nullable String reason) {
    ObjectNode chunk = ChatReplies.envelope("chat.completion.chunk", id, model, unixSeconds);
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    ObjectNode said = choice.putObject("delta");
    if (!hasRole) {
      hasRole = true;
      said.put("role", "assistant");
    }
    said.setAll(delta);
    choice.putNull("logprobs").put("finish_reason", reason);
    if (streaming == Streaming.WITH_USAGE) {
      chunk.putNull("usage");
    }
    data(chunk);
  }

  private void finish(StreamEvent.Finish finish) {
    chunk(Json.object(), ChatReplies.reason(finish.ending().stop()));
    if (streaming == Streaming.WITH_USAGE) {
      ObjectNode chunk = ChatReplies.envelope("chat.completion.chunk", id, model, unixSeconds);
      chunk.putArray("choices");
      chunk.set("usage", ChatReplies.usage(finish.usage()));
      data(chunk);
    }
    text("data: [DONE]\n\n");
  }
}
