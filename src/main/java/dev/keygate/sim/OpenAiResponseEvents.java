package dev.keygate.sim;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The events of a streamed {@code POST /v1/responses}, numbered in the order in which they are
 * written: every event is made when its turn comes.
 */
final class OpenAiResponseEvents {

  private final OpenAiResponses responses;
  private final Reply reply;
  private int sequence;

  OpenAiResponseEvents(OpenAiResponses responses, Reply reply) {
    this.responses = responses;
    this.reply = reply;
  }

  Answer answer() {
    return Answer.events(
        List.of(
            made(List.of(this::created, this::inProgress, this::itemAdded)),
            switch (reply.content()) {
              case Reply.Text _ -> made(List.of(this::partAdded));
              case Reply.ToolCall _ -> Stream.empty();
            },
            reply.content().pieces().stream().map(this::delta),
            switch (reply.content()) {
              case Reply.Text _ -> made(List.of(this::textDone, this::partDone));
              case Reply.ToolCall _ -> made(List.of(this::argumentsDone));
            },
            made(List.of(this::itemDone, this::finished))));
  }

  private static Stream<String> made(List<Supplier<String>> events) {
    return events.stream().map(Supplier::get);
  }

  private String created() {
    return response("response.created", responses.begun());
  }

  private String inProgress() {
    return response("response.in_progress", responses.begun());
  }

  private String finished() {
    boolean cut = reply.ending() == Reply.Ending.LENGTH;
    return response(cut ? "response.incomplete" : "response.completed", responses.finished());
  }

  private String response(String type, ObjectNode response) {
    ObjectNode event = event(type);
    event.set("response", response);
    return frame(event);
  }

  private String itemAdded() {
    ObjectNode event = event("response.output_item.added").put("output_index", 0);
    event.set("item", responses.item("", "in_progress"));
    return frame(event);
  }

  private String itemDone() {
    ObjectNode event = event("response.output_item.done").put("output_index", 0);
    event.set("item", responses.item(reply.wholeText(), "completed"));
    return frame(event);
  }

  private String partAdded() {
    ObjectNode event = inPart("response.content_part.added");
    event.set("part", OpenAiResponses.part(""));
    return frame(event);
  }

  private String partDone() {
    ObjectNode event = inPart("response.content_part.done");
    event.set("part", OpenAiResponses.part(reply.wholeText()));
    return frame(event);
  }

  private String delta(String piece) {
    return switch (reply.content()) {
      case Reply.Text _ -> {
        ObjectNode event = inPart("response.output_text.delta").put("delta", piece);
        event.putArray("logprobs");
        yield frame(event);
      }
      case Reply.ToolCall _ ->
          frame(inItem("response.function_call_arguments.delta").put("delta", piece));
    };
  }

  private String textDone() {
    ObjectNode event = inPart("response.output_text.done").put("text", reply.wholeText());
    event.putArray("logprobs");
    return frame(event);
  }

  private String argumentsDone() {
    return frame(
        inItem("response.function_call_arguments.done").put("arguments", reply.wholeText()));
  }

  private ObjectNode inItem(String type) {
    return event(type).put("item_id", responses.itemId()).put("output_index", 0);
  }

  private ObjectNode inPart(String type) {
    return inItem(type).put("content_index", 0);
  }

  private ObjectNode event(String type) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", type)
        .put("sequence_number", sequence++);
  }

  private static String frame(ObjectNode event) {
    return "event: " + event.path("type").stringValue() + "\ndata: " + event + "\n\n";
  }
}
