package dev.keygate.sim;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/messages}, whole and streamed, and {@code /v1/messages/count_tokens}. */
final class AnthropicMessages {

  private final Call call;
  private final Reply reply;

  private AnthropicMessages(Call call) {
    this.call = call;
    reply = Reply.to(prompt(call.json()), call.faults());
  }

  static Answer answer(Call call) {
    if (!call.json().path("max_tokens").isInt()) {
      return VendorError.ANTHROPIC.answer(400, "max_tokens: Field required");
    }
    return problem(call).isEmpty()
        ? new AnthropicMessages(call).answer()
        : VendorError.ANTHROPIC.answer(400, problem(call));
  }

  static Answer countTokens(Call call) {
    if (!problem(call).isEmpty()) {
      return VendorError.ANTHROPIC.answer(400, problem(call));
    }
    int tokens = prompt(call.json()).inputTokens();
    return Answer.json(JsonNodeFactory.instance.objectNode().put("input_tokens", tokens));
  }

  private static String problem(Call call) {
    if (!call.headers().contains("anthropic-version")) {
      return "anthropic-version: header is required";
    }
    return call.json().path("messages").size() == 0
        ? "messages: at least one message is required"
        : "";
  }

  private static Prompt prompt(JsonNode json) {
    JsonNode messages = json.path("messages");
    JsonNode content = Prompt.last(messages).path("content");
    boolean toolSpoke =
        content.values().stream()
            .anyMatch(block -> block.path("type").stringValue("").equals("tool_result"));
    return new Prompt(
        Prompt.text(content),
        toolSpoke ? Prompt.Kind.TOOL_RESULT : Prompt.Kind.USER,
        Usage.tokensIn(messages, json.path("system")),
        json.path("max_tokens").intValue(0),
        tool(json),
        schema(json));
  }

  /** Structured outputs: {@code output_config.format}, in their beta {@code output_format}. */
  private static @Nullable JsonNode schema(JsonNode json) {
    JsonNode format = json.path("output_config").path("format");
    JsonNode schema = (format.isMissingNode() ? json.path("output_format") : format).path("schema");
    return schema.isObject() ? schema : null;
  }

  private static Prompt.@Nullable Tool tool(JsonNode json) {
    JsonNode choice = json.path("tool_choice");
    if (choice.path("type").stringValue("auto").equals("none")) {
      return null;
    }
    String forced = choice.path("name").stringValue("");
    for (JsonNode tool : json.path("tools").values()) {
      String name = tool.path("name").stringValue("");
      boolean custom = tool.path("type").stringValue("custom").equals("custom");
      if (custom && !name.isEmpty() && (forced.isEmpty() || forced.equals(name))) {
        return new Prompt.Tool(name, tool.path("input_schema"));
      }
    }
    return null;
  }

  private Answer answer() {
    return call.json().path("stream").booleanValue(false)
        ? Answer.events(List.of(begin(), reply.content().pieces().stream().map(this::delta), end()))
        : Answer.json(whole());
  }

  private ObjectNode whole() {
    ObjectNode message = message();
    ObjectNode block = block();
    switch (reply.content()) {
      case Reply.Text _ -> block.put("text", reply.wholeText());
      case Reply.ToolCall _ -> block.set("input", JsonMapper.shared().readTree(reply.wholeText()));
    }
    message.putArray("content").add(block);
    message.put("stop_reason", stopReason()).putNull("stop_sequence");
    message.set("usage", usage(reply.usage().output()));
    return message;
  }

  private Stream<String> begin() {
    ObjectNode message = message();
    message.putArray("content");
    message.putNull("stop_reason").putNull("stop_sequence");
    message.set("usage", usage(1));
    ObjectNode start = event("message_start");
    start.set("message", message);
    ObjectNode block = event("content_block_start").put("index", 0);
    block.set("content_block", block());
    return Stream.of(frame(start), frame(block), frame(event("ping")));
  }

  private String delta(String piece) {
    ObjectNode event = event("content_block_delta").put("index", 0);
    ObjectNode delta = event.putObject("delta");
    switch (reply.content()) {
      case Reply.Text _ -> delta.put("type", "text_delta").put("text", piece);
      case Reply.ToolCall _ -> delta.put("type", "input_json_delta").put("partial_json", piece);
    }
    return frame(event);
  }

  private Stream<String> end() {
    ObjectNode delta = event("message_delta");
    delta.putObject("delta").put("stop_reason", stopReason()).putNull("stop_sequence");
    delta.set("usage", usage(reply.usage().output()));
    return Stream.of(
        frame(event("content_block_stop").put("index", 0)),
        frame(delta),
        frame(event("message_stop")));
  }

  private ObjectNode message() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", call.id("msg_"))
        .put("type", "message")
        .put("role", "assistant")
        .put("model", call.model());
  }

  /** The one content block, still empty. */
  private ObjectNode block() {
    ObjectNode block = JsonNodeFactory.instance.objectNode();
    switch (reply.content()) {
      case Reply.Text _ -> block.put("type", "text").put("text", "");
      case Reply.ToolCall tool ->
          block
              .put("type", "tool_use")
              .put("id", call.id("toolu_"))
              .put("name", tool.name())
              .putObject("input");
    }
    return block;
  }

  private ObjectNode usage(int output) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("input_tokens", reply.usage().input())
        .put("cache_creation_input_tokens", 0)
        .put("cache_read_input_tokens", 0)
        .put("output_tokens", output);
  }

  private String stopReason() {
    return switch (reply.ending()) {
      case STOP -> "end_turn";
      case LENGTH -> "max_tokens";
      case TOOL_CALL -> "tool_use";
    };
  }

  private static ObjectNode event(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  private static String frame(ObjectNode event) {
    return "event: " + event.path("type").stringValue() + "\ndata: " + event + "\n\n";
  }
}
