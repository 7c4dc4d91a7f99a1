package dev.keygate.sim;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/responses}: reads the request and makes the response object. */
final class OpenAiResponses {

  private final Call call;
  private final Reply reply;

  private OpenAiResponses(Call call) {
    this.call = call;
    reply = Reply.to(prompt(call.json()), call.faults());
  }

  static Answer answer(Call call) {
    if (call.json().path("input").isMissingNode()) {
      return VendorError.OPENAI.answer(400, "Missing required parameter: 'input'.");
    }
    OpenAiResponses responses = new OpenAiResponses(call);
    return call.json().path("stream").booleanValue(false)
        ? new OpenAiResponseEvents(responses, responses.reply).answer()
        : Answer.json(responses.finished());
  }

  private static Prompt prompt(JsonNode json) {
    JsonNode input = json.path("input");
    JsonNode last = input.isArray() ? Prompt.last(input) : input;
    boolean toolSpoke = last.path("type").stringValue("").equals("function_call_output");
    JsonNode content = last.isString() ? last : last.path(toolSpoke ? "output" : "content");
    JsonNode format = json.path("text").path("format");
    return new Prompt(
        Prompt.text(content),
        toolSpoke ? Prompt.Kind.TOOL_RESULT : Prompt.Kind.USER,
        Usage.tokensIn(input, json.path("instructions")),
        json.path("max_output_tokens").intValue(0),
        tool(json),
        format.path("type").stringValue("").equals("json_schema") ? format.path("schema") : null);
  }

  private static Prompt.@Nullable Tool tool(JsonNode json) {
    JsonNode choice = json.path("tool_choice");
    if (choice.stringValue("auto").equals("none")) {
      return null;
    }
    String forced = choice.path("name").stringValue("");
    for (JsonNode tool : json.path("tools").values()) {
      String name = tool.path("name").stringValue("");
      boolean function = tool.path("type").stringValue("").equals("function");
      if (function && !name.isEmpty() && (forced.isEmpty() || forced.equals(name))) {
        return new Prompt.Tool(name, tool.path("parameters"));
      }
    }
    return null;
  }

  /** The response object as it is while nothing has been said. */
  ObjectNode begun() {
    ObjectNode response = object("in_progress");
    response.putArray("output");
    return response.putNull("usage");
  }

  /** The response object when all has been said. */
  ObjectNode finished() {
    boolean cut = reply.ending() == Reply.Ending.LENGTH;
    ObjectNode response = object(cut ? "incomplete" : "completed");
    if (cut) {
      response.putObject("incomplete_details").put("reason", "max_output_tokens");
    }
    response.putArray("output").add(item(reply.wholeText(), "completed"));
    ObjectNode usage = response.putObject("usage").put("input_tokens", reply.usage().input());
    usage.putObject("input_tokens_details").put("cached_tokens", 0).put("cache_write_tokens", 0);
    usage.put("output_tokens", reply.usage().output());
    usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
    usage.put("total_tokens", reply.usage().total());
    return response;
  }

  private ObjectNode object(String status) {
    JsonNode json = call.json();
    ObjectNode response =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", call.id("resp_"))
            .put("object", "response")
            .put("created_at", call.unixSeconds())
            .put("status", status)
            .putNull("error")
            .putNull("incomplete_details")
            .put("model", call.model())
            .putNull("previous_response_id")
            .put("parallel_tool_calls", true)
            .put("temperature", 1.0)
            .put("top_p", 1.0)
            .put("truncation", "disabled");
    response.set(
        "instructions",
        json.has("instructions") ? json.path("instructions") : JsonNodeFactory.instance.nullNode());
    response.set(
        "tool_choice",
        json.has("tool_choice")
            ? json.path("tool_choice")
            : JsonNodeFactory.instance.stringNode("auto"));
    response.set(
        "tools", json.has("tools") ? json.path("tools") : JsonNodeFactory.instance.arrayNode());
    response.set(
        "metadata",
        json.has("metadata") ? json.path("metadata") : JsonNodeFactory.instance.objectNode());
    return response;
  }

  /** The one output item: a message, or a function call. */
  ObjectNode item(String text, String status) {
    ObjectNode item = JsonNodeFactory.instance.objectNode().put("id", itemId());
    switch (reply.content()) {
      case Reply.Text _ -> {
        item.put("type", "message").put("status", status).put("role", "assistant");
        if (status.equals("completed")) {
          item.putArray("content").add(part(text));
        } else {
          item.putArray("content");
        }
      }
      case Reply.ToolCall tool ->
          item.put("type", "function_call")
              .put("status", status)
              .put("call_id", call.id("call_"))
              .put("name", tool.name())
              .put("arguments", text);
    }
    return item;
  }

  String itemId() {
    return switch (reply.content()) {
      case Reply.Text _ -> call.id("msg_");
      case Reply.ToolCall _ -> call.id("fc_");
    };
  }

  static ObjectNode part(String text) {
    ObjectNode part = JsonNodeFactory.instance.objectNode().put("type", "output_text");
    part.put("text", text).putArray("annotations");
    part.putArray("logprobs");
    return part;
  }
}
