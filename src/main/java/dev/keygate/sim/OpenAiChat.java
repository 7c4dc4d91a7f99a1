package dev.keygate.sim;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/chat/completions}, whole and streamed. */
final class OpenAiChat {

  private final Call call;
  private final Reply reply;
  private final String id;

  private OpenAiChat(Call call) {
    this.call = call;
    reply = Reply.to(prompt(call.json()), call.faults());
    id = call.id("chatcmpl-");
  }

  static Answer answer(Call call) {
    if (call.json().path("messages").size() == 0) {
      return VendorError.OPENAI.answer(400, "Missing required parameter: 'messages'.");
    }
    OpenAiChat chat = new OpenAiChat(call);
    return call.json().path("stream").booleanValue(false)
        ? Answer.events(chat.frames())
        : Answer.json(chat.whole());
  }

  private static Prompt prompt(JsonNode json) {
    JsonNode messages = json.path("messages");
    JsonNode last = Prompt.last(messages);
    boolean toolSpoke = last.path("role").stringValue("").equals("tool");
    JsonNode limit =
        json.path(json.has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens");
    JsonNode format = json.path("response_format");
    return new Prompt(
        Prompt.text(last.path("content")),
        toolSpoke ? Prompt.Kind.TOOL_RESULT : Prompt.Kind.USER,
        Usage.tokensIn(messages),
        limit.intValue(0),
        tool(json),
        schema(format));
  }

  private static @Nullable JsonNode schema(JsonNode format) {
    return switch (format.path("type").stringValue("")) {
      case "json_schema" -> format.path("json_schema").path("schema");
      case "json_object" -> JsonNodeFactory.instance.objectNode().put("type", "object");
      default -> null;
    };
  }

  private static Prompt.@Nullable Tool tool(JsonNode json) {
    JsonNode choice = json.path("tool_choice");
    if (choice.stringValue("auto").equals("none")) {
      return null;
    }
    String forced = choice.path("function").path("name").stringValue("");
    for (JsonNode tool : json.path("tools").values()) {
      JsonNode function = tool.path("function");
      String name = function.path("name").stringValue("");
      if (!name.isEmpty() && (forced.isEmpty() || forced.equals(name))) {
        return new Prompt.Tool(name, function.path("parameters"));
      }
    }
    return null;
  }

  private ObjectNode whole() {
    ObjectNode body = envelope("chat.completion");
    ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
    ObjectNode message = choice.putObject("message").put("role", "assistant");
    switch (reply.content()) {
      case Reply.Text _ -> message.put("content", reply.wholeText());
      case Reply.ToolCall tool -> {
        message.putNull("content");
        ObjectNode entry = message.putArray("tool_calls").addObject();
        entry.put("id", call.id("call_")).put("type", "function");
        entry.putObject("function").put("name", tool.name()).put("arguments", reply.wholeText());
      }
    }
    message.putNull("refusal").putArray("annotations");
    choice.putNull("logprobs").put("finish_reason", finishReason());
    body.set("usage", usage(reply.usage()));
    return body;
  }

  private List<Stream<String>> frames() {
    Stream<String> begin = Stream.of(frame(beginning(), null));
    Stream<String> pieces = reply.content().pieces().stream().map(this::pieceFrame);
    Stream<String> end = Stream.of(frame(JsonNodeFactory.instance.objectNode(), finishReason()));
    Stream<String> usage = wantsUsage() ? Stream.of(usageFrame()) : Stream.empty();
    Stream<String> done = Stream.of("data: [DONE]\n\n");
    return List.of(begin, pieces, end, usage, done);
  }

  private boolean wantsUsage() {
    return call.json().path("stream_options").path("include_usage").booleanValue(false);
  }

  private ObjectNode beginning() {
    ObjectNode delta = JsonNodeFactory.instance.objectNode().put("role", "assistant");
    switch (reply.content()) {
      case Reply.Text _ -> delta.put("content", "");
      case Reply.ToolCall tool -> {
        ObjectNode entry = delta.putNull("content").putArray("tool_calls").addObject();
        entry.put("index", 0).put("id", call.id("call_")).put("type", "function");
        entry.putObject("function").put("name", tool.name()).put("arguments", "");
      }
    }
    return delta.putNull("refusal");
  }

  private String pieceFrame(String piece) {
    ObjectNode delta = JsonNodeFactory.instance.objectNode();
    switch (reply.content()) {
      case Reply.Text _ -> delta.put("content", piece);
      case Reply.ToolCall _ -> {
        ObjectNode entry = delta.putArray("tool_calls").addObject().put("index", 0);
        entry.putObject("function").put("arguments", piece);
      }
    }
    return frame(delta, null);
  }

  private String frame(ObjectNode delta, @Nullable String finishReason) {
    ObjectNode chunk = envelope("chat.completion.chunk");
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    choice.putNull("logprobs").put("finish_reason", finishReason);
    if (wantsUsage()) {
      chunk.putNull("usage");
    }
    return "data: " + chunk + "\n\n";
  }

  private String usageFrame() {
    ObjectNode chunk = envelope("chat.completion.chunk");
    chunk.putArray("choices");
    chunk.set("usage", usage(reply.usage()));
    return "data: " + chunk + "\n\n";
  }

  private ObjectNode envelope(String object) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("object", object)
        .put("created", call.unixSeconds())
        .put("model", call.model())
        .put("service_tier", "default")
        .put("system_fingerprint", "fp_sim");
  }

  private String finishReason() {
    return switch (reply.ending()) {
      case STOP -> "stop";
      case LENGTH -> "length";
      case TOOL_CALL -> "tool_calls";
    };
  }

  static ObjectNode usage(Usage usage) {
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("prompt_tokens", usage.input())
            .put("completion_tokens", usage.output())
            .put("total_tokens", usage.total());
    node.putObject("prompt_tokens_details").put("cached_tokens", 0).put("audio_tokens", 0);
    ObjectNode details = node.putObject("completion_tokens_details");
    for (String kind :
        List.of(
            "reasoning_tokens",
            "audio_tokens",
            "accepted_prediction_tokens",
            "rejected_prediction_tokens")) {
      details.put(kind, 0);
    }
    return node;
  }
}
