package dev.keygate.ai.translate;

import static dev.keygate.ai.translate.FieldTable.Fate.CARRIED;
import static dev.keygate.ai.translate.FieldTable.Fate.DROPPED;
import static dev.keygate.ai.translate.FieldTable.Fate.REFUSED;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What becomes of each top-level field of a request, by the API it comes from and the one it goes
 * to. A field that is not in the table is left out and named, so that a client newer than this
 * table is served. {@code docs/translation.md} is made of it.
 */
final class FieldTable {
  /** What a field becomes. */
  enum Fate {
    /** Said in the other API's words. */
    CARRIED,
    /** Left out, and named in {@code x-keygate-dropped}. */
    DROPPED,
    /** Answered with 400: without it the answer would be another one. */
    REFUSED
  }

  /**
   * A field's fate.
   *
   * @param fates by the dialect it goes to
   * @param harmless values, as JSON, that ask for what happens anyway: not worth a word
   * @param note what would be right, or how it is carried
   */
  record Row(
      Dialect from, String field, Map<Dialect, Fate> fates, Set<String> harmless, String note) {}

  static final List<Row> ROWS = rows();

  private static final Map<Dialect, Map<String, Row>> BY_FIELD =
      ROWS.stream()
          .collect(
              Collectors.groupingBy(Row::from, Collectors.toUnmodifiableMap(Row::field, r -> r)));

  private FieldTable() {}

  /** Notes what of the body is left out, or refuses it. */
  static void check(JsonNode body, Dialect from, Dialect to, Dropped dropped)
      throws UntranslatableException {
    Map<String, Row> rows = BY_FIELD.getOrDefault(from, Map.of());
    for (Map.Entry<String, JsonNode> field : body.properties()) {
      String name = field.getKey();
      Row row = rows.get(name);
      if (isSilent(field.getValue(), row)) {
        continue;
      }
      switch (row == null ? DROPPED : row.fates().getOrDefault(to, DROPPED)) {
        case CARRIED -> {
          // The reader's business.
        }
        case DROPPED -> dropped.note(name);
        case REFUSED ->
            throw new UntranslatableException(
                name,
                "cannot be said in the "
                    + to.title()
                    + " API, which is all that the model's provider speaks"
                    + (row == null || row.note().isEmpty() ? "" : "; " + row.note()));
      }
    }
  }

  private static boolean isSilent(JsonNode value, @Nullable Row row) {
    return value.isNull()
        || ((value.isArray() || value.isObject()) && value.isEmpty())
        || (row != null && !row.harmless().isEmpty() && row.harmless().contains(Json.text(value)));
  }

  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    chat(rows);
    messages(rows);
    responses(rows);
    return List.copyOf(rows);
  }

  private static void chat(List<Row> rows) {
    Source chat = new Source(rows, Dialect.CHAT, Dialect.MESSAGES, Dialect.RESPONSES);
    chat.row("model", CARRIED, CARRIED, "as the provider names it");
    chat.row("models", CARRIED, CARRIED, "fallbacks are the gateway's own and stay here");
    chat.row("messages", CARRIED, CARRIED, "texts, images, tool calls and results");
    chat.row("max_completion_tokens", CARRIED, CARRIED, "max_tokens, max_output_tokens");
    chat.row("max_tokens", CARRIED, CARRIED, "max_tokens, max_output_tokens");
    chat.row("temperature", CARRIED, CARRIED, "Messages take 0 to 1; more is refused");
    chat.row("top_p", CARRIED, CARRIED, "");
    chat.row("stop", CARRIED, REFUSED, "stop_sequences; Responses have none");
    chat.row("stream", CARRIED, CARRIED, "");
    chat.row(
        "stream_options", CARRIED, CARRIED, "usage comes at the end of a stream when asked for");
    chat.row("tools", CARRIED, CARRIED, "functions; other types are refused");
    chat.row("tool_choice", CARRIED, CARRIED, "allowed_tools is refused");
    chat.row("parallel_tool_calls", CARRIED, CARRIED, "tool_choice.disable_parallel_tool_use");
    chat.row(
        "response_format",
        CARRIED,
        CARRIED,
        "json_schema; Messages refuse json_object",
        "{\"type\":\"text\"}");
    chat.row("user", CARRIED, CARRIED, "metadata.user_id");
    chat.row("reasoning_effort", DROPPED, CARRIED, "not every model takes it in Messages");
    for (String name : SharedFields.NAMES) {
      chat.row(name, DROPPED, CARRIED, "", usual(name));
    }
    chat.row("n", REFUSED, REFUSED, "expected 1: ask once for each answer", "1");
    chat.row("logprobs", REFUSED, REFUSED, "expected false", "false");
    chat.row("top_logprobs", REFUSED, REFUSED, "expected none", "0");
    chat.row("audio", REFUSED, REFUSED, "expected text");
    chat.row("modalities", REFUSED, REFUSED, "expected [\"text\"]", "[\"text\"]");
    chat.row("web_search_options", REFUSED, REFUSED, "expected none");
    chat.row("functions", REFUSED, REFUSED, "expected tools");
    chat.row("function_call", REFUSED, REFUSED, "expected tool_choice");
    for (String name : List.of("frequency_penalty", "presence_penalty")) {
      chat.row(name, DROPPED, DROPPED, "", "0", "0.0");
    }
    for (String name : List.of("seed", "logit_bias", "prediction", "verbosity")) {
      chat.row(name, DROPPED, DROPPED, "");
    }
  }

  private static void messages(List<Row> rows) {
    Source messages = new Source(rows, Dialect.MESSAGES, Dialect.CHAT, Dialect.RESPONSES);
    messages.row("model", CARRIED, CARRIED, "as the provider names it");
    messages.row("models", CARRIED, CARRIED, "fallbacks are the gateway's own and stay here");
    messages.row("messages", CARRIED, CARRIED, "texts, images, tool calls and results");
    messages.row("system", CARRIED, CARRIED, "a system message");
    messages.row("max_tokens", CARRIED, CARRIED, "max_completion_tokens, max_output_tokens");
    messages.row("temperature", CARRIED, CARRIED, "");
    messages.row("top_p", CARRIED, CARRIED, "");
    messages.row("stop_sequences", CARRIED, REFUSED, "stop; Responses have none");
    messages.row("stream", CARRIED, CARRIED, "");
    messages.row(
        "tools", CARRIED, CARRIED, "custom ones; those that the provider runs are refused");
    messages.row("tool_choice", CARRIED, CARRIED, "");
    messages.row("metadata", CARRIED, CARRIED, "user_id, as user");
    messages.row("output_config", CARRIED, CARRIED, "format as a JSON schema, effort");
    messages.row("output_format", CARRIED, CARRIED, "a JSON schema");
    messages.row("thinking", DROPPED, DROPPED, "", "{\"type\":\"disabled\"}");
    messages.row("top_k", DROPPED, DROPPED, "");
    messages.row("service_tier", DROPPED, DROPPED, "", "\"auto\"");
    messages.row(
        "cache_control", DROPPED, DROPPED, "providers of OpenAI's APIs cache by themselves");
    messages.row("context_management", DROPPED, DROPPED, "");
    messages.row("container", REFUSED, REFUSED, "expected none");
    messages.row("mcp_servers", REFUSED, REFUSED, "expected none");
  }

  private static void responses(List<Row> rows) {
    Source responses = new Source(rows, Dialect.RESPONSES, Dialect.CHAT, Dialect.MESSAGES);
    responses.row("model", CARRIED, CARRIED, "as the provider names it");
    responses.row("models", CARRIED, CARRIED, "fallbacks are the gateway's own and stay here");
    responses.row("input", CARRIED, CARRIED, "texts, images, function calls and their outputs");
    responses.row("instructions", CARRIED, CARRIED, "a system message");
    responses.row("max_output_tokens", CARRIED, CARRIED, "max_completion_tokens, max_tokens");
    responses.row("temperature", CARRIED, CARRIED, "Messages take 0 to 1; more is refused");
    responses.row("top_p", CARRIED, CARRIED, "");
    responses.row("stream", CARRIED, CARRIED, "");
    responses.row("tools", CARRIED, CARRIED, "functions; those that the provider runs are refused");
    responses.row("tool_choice", CARRIED, CARRIED, "");
    responses.row("parallel_tool_calls", CARRIED, CARRIED, "tool_choice.disable_parallel_tool_use");
    responses.row("text", CARRIED, CARRIED, "format; Messages refuse json_object");
    responses.row("user", CARRIED, CARRIED, "metadata.user_id");
    responses.row("reasoning", CARRIED, DROPPED, "effort");
    for (String name : SharedFields.NAMES) {
      responses.row(name, CARRIED, DROPPED, "", usual(name));
    }
    responses.row("previous_response_id", REFUSED, REFUSED, "expected the whole talk in input");
    responses.row("conversation", REFUSED, REFUSED, "expected the whole talk in input");
    responses.row("prompt", REFUSED, REFUSED, "expected input and instructions");
    responses.row("background", REFUSED, REFUSED, "expected false", "false");
    responses.row("top_logprobs", REFUSED, REFUSED, "expected none", "0");
    responses.row("truncation", DROPPED, DROPPED, "", "\"disabled\"");
    for (String name :
        List.of("include", "max_tool_calls", "stream_options", "context_management")) {
      responses.row(name, DROPPED, DROPPED, "");
    }
  }

  private static String[] usual(String shared) {
    return switch (shared) {
      case "store" -> new String[] {"false"};
      case "service_tier" -> new String[] {"\"auto\""};
      default -> new String[0];
    };
  }

  /** Adds the rows of one dialect. */
  private record Source(List<Row> rows, Dialect from, Dialect first, Dialect second) {
    void row(String field, Fate toFirst, Fate toSecond, String note, String... harmless) {
      rows.add(
          new Row(from, field, Map.of(first, toFirst, second, toSecond), Set.of(harmless), note));
    }
  }
}
