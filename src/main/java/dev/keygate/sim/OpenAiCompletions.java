package dev.keygate.sim;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/completions}, whole and streamed. */
final class OpenAiCompletions {

  private OpenAiCompletions() {}

  static Answer answer(Call call) {
    JsonNode prompt = call.json().path("prompt");
    String said = prompt.isArray() ? prompt.path(0).stringValue("") : prompt.stringValue("");
    Reply reply =
        Reply.to(
            new Prompt(
                said,
                Prompt.Kind.USER,
                Usage.tokensIn(prompt),
                call.json().path("max_tokens").intValue(0),
                null,
                null),
            call.faults());
    String reason = reply.ending() == Reply.Ending.LENGTH ? "length" : "stop";
    if (!call.json().path("stream").booleanValue(false)) {
      ObjectNode body = body(call, reply.wholeText(), reason);
      body.set("usage", OpenAiChat.usage(reply.usage()));
      return Answer.json(body);
    }
    return Answer.events(
        List.of(
            reply.content().pieces().stream().map(piece -> frame(body(call, piece, null))),
            Stream.of(frame(body(call, "", reason)), "data: [DONE]\n\n")));
  }

  private static String frame(ObjectNode body) {
    return "data: " + body + "\n\n";
  }

  private static ObjectNode body(Call call, String text, @Nullable String finishReason) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", call.id("cmpl-"))
            .put("object", "text_completion")
            .put("created", call.unixSeconds())
            .put("model", call.model());
    body.putArray("choices")
        .addObject()
        .put("text", text)
        .put("index", 0)
        .putNull("logprobs")
        .put("finish_reason", finishReason);
    return body;
  }
}
