package dev.keygate.ai.translate;

import dev.keygate.ai.translate.Reply.Stop;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a stream of the Responses API. Its last events repeat all that was said, so that the text
 * is kept, bounded by {@value #MAX_KEPT} characters; it is passed on as it comes all the same.
 */
final class ResponsesStreamWriter extends StreamWriter {
  static final int MAX_KEPT = 8 * 1024 * 1024;

  private final long unixSeconds;
  private final ArrayNode output = Json.array();
  private final StringBuilder said = new StringBuilder();
  private String id = "";
  private String model = "";
  private Part.@Nullable ToolCall call;
  private int kept;
  private int sequence;

  ResponsesStreamWriter(long unixSeconds) {
    this.unixSeconds = unixSeconds;
  }

  @Override
  void write(StreamEvent event) throws UntranslatableException {
    switch (event) {
      case StreamEvent.Begin begin -> {
        id = begin.id();
        model = begin.model();
        withResponse("response.created", response("in_progress"));
        withResponse("response.in_progress", response("in_progress"));
      }
      case StreamEvent.TextBegin() -> textBegin();
      case StreamEvent.TextDelta(String text) -> {
        keep(text);
        ObjectNode delta = inPart("response.output_text.delta").put("delta", text);
        delta.putArray("logprobs");
        event(delta);
      }
      case StreamEvent.ToolBegin tool -> {
        call = new Part.ToolCall(tool.id(), tool.name(), "");
        said.setLength(0);
        item("response.output_item.added", ResponsesReplies.call(itemId(), call, "in_progress"));
      }
      case StreamEvent.ToolDelta(String arguments) -> {
        keep(arguments);
        event(inItem("response.function_call_arguments.delta").put("delta", arguments));
      }
      case StreamEvent.BlockEnd() -> blockEnd();
      case StreamEvent.Finish finish -> finish(finish);
      case StreamEvent.Failed(ProviderError error) -> failed(error);
    }
  }

  private void keep(String text) throws UntranslatableException {
    kept += text.length();
    if (kept > MAX_KEPT) {
      throw new UntranslatableException("stream", "more than " + MAX_KEPT + " characters");
    }
    said.append(text);
  }

  private void textBegin() {
    call = null;
    said.setLength(0);
    ObjectNode item = ResponsesReplies.message(itemId(), "in_progress");
    item.putArray("content");
    item("response.output_item.added", item);
    ObjectNode added = inPart("response.content_part.added");
    added.set("part", ResponsesReplies.text(""));
    event(added);
  }

  private void blockEnd() {
    Part.ToolCall open = call;
    String text = said.toString();
    ObjectNode item;
    if (open == null) {
      ObjectNode done = inPart("response.output_text.done").put("text", text);
      done.putArray("logprobs");
      event(done);
      ObjectNode part = inPart("response.content_part.done");
      part.set("part", ResponsesReplies.text(text));
      event(part);
      item = ResponsesReplies.message(itemId(), "completed");
      item.putArray("content").add(ResponsesReplies.text(text));
    } else {
      event(
          inItem("response.function_call_arguments.done")
              .put("name", open.name())
              .put("arguments", text));
      Part.ToolCall whole = new Part.ToolCall(open.id(), open.name(), text);
      item = ResponsesReplies.call(itemId(), whole, "completed");
    }
    item("response.output_item.done", item);
    output.add(item);
    call = null;
  }

  private void finish(StreamEvent.Finish finish) {
    Stop stop = finish.ending().stop();
    String status = ResponsesReplies.status(stop);
    ObjectNode whole = response(status);
    withResponse(
        "response." + status, ResponsesReplies.finished(whole, output, stop, finish.usage()));
  }

  private void failed(ProviderError error) {
    ObjectNode event = type("error").put("message", error.message());
    event.put("code", error.code().isEmpty() ? "server_error" : error.code()).putNull("param");
    event(event);
  }

  private ObjectNode response(String status) {
    return ResponsesReplies.response(id, model, status, unixSeconds);
  }

  private void withResponse(String type, ObjectNode response) {
    ObjectNode event = type(type);
    event.set("response", response);
    event(event);
  }

  private void item(String type, ObjectNode item) {
    ObjectNode event = type(type).put("output_index", output.size());
    event.set("item", item);
    event(event);
  }

  private ObjectNode inItem(String type) {
    return type(type).put("item_id", itemId()).put("output_index", output.size());
  }

  private ObjectNode inPart(String type) {
    return inItem(type).put("content_index", 0);
  }

  private String itemId() {
    int index = output.size();
    return call == null ? ResponsesReplies.messageId(index) : ResponsesReplies.callId(index);
  }

  private ObjectNode type(String type) {
    return Json.object().put("type", type).put("sequence_number", sequence++);
  }
}
