package dev.keygate.ai.translate;

import tools.jackson.databind.node.ObjectNode;

/** Writes a stream of the Messages API. */
final class MessagesStreamWriter extends StreamWriter {
  private int index = -1;

  @Override
  void write(StreamEvent event) {
    switch (event) {
      case StreamEvent.Begin begin -> {
        ObjectNode message = MessagesReplies.message(begin.id(), begin.model());
        message.putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence");
        message.set("usage", MessagesReplies.usage(begin.usage()));
        ObjectNode start = type("message_start");
        start.set("message", message);
        event(start);
      }
      case StreamEvent.TextBegin() -> blockStart(Json.object().put("type", "text").put("text", ""));
      case StreamEvent.TextDelta(String text) ->
          delta(Json.object().put("type", "text_delta").put("text", text));
      case StreamEvent.ToolBegin tool -> {
        ObjectNode block = Json.object().put("type", "tool_use").put("id", tool.id());
        block.put("name", tool.name()).putObject("input");
        blockStart(block);
      }
      case StreamEvent.ToolDelta(String arguments) ->
          delta(Json.object().put("type", "input_json_delta").put("partial_json", arguments));
      case StreamEvent.BlockEnd() -> event(type("content_block_stop").put("index", index));
      case StreamEvent.Finish finish -> finish(finish);
      case StreamEvent.Failed(ProviderError error) ->
          event(error.write(Dialect.MESSAGES, error.status()));
    }
  }

  private void blockStart(ObjectNode block) {
    index++;
    ObjectNode start = type("content_block_start").put("index", index);
    start.set("content_block", block);
    event(start);
  }

  private void delta(ObjectNode delta) {
    ObjectNode event = type("content_block_delta").put("index", index);
    event.set("delta", delta);
    event(event);
  }

  private void finish(StreamEvent.Finish finish) {
    ObjectNode event = type("message_delta");
    ObjectNode delta = event.putObject("delta");
    delta.put("stop_reason", MessagesReplies.reason(finish.ending().stop()));
    delta.put("stop_sequence", finish.ending().stopSequence());
    event.set("usage", MessagesReplies.usage(finish.usage()));
    event(event);
    event(type("message_stop"));
  }

  private static ObjectNode type(String type) {
    return Json.object().put("type", type);
  }
}
