package dev.keygate.ai;

import dev.keygate.ai.AttemptResult.Answered;
import dev.keygate.ai.AttemptStory.Made;
import dev.keygate.ai.translate.TokenUsage;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.live.ProviderKey;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@code actions.ngrok.ai_gateway.models_tried}: what was sent to whom, and what came of it. */
final class TriedFields {
  /** What is shown of an error's body. */
  private static final int MOST_BODY = 1024;

  /** A key of fewer characters shows none of them. */
  private static final int LONG_KEY = 20;

  private TriedFields() {}

  /** The models in the order in which they were tried. */
  static List<Map<String, Object>> of(AttemptStory story) {
    List<Map<String, Object>> tried = new ArrayList<>();
    for (List<Made> ofOne : byModel(story)) {
      AttemptRecord first = ofOne.getFirst().attempt();
      Map<String, Object> model = new LinkedHashMap<>();
      model.put("model", first.model());
      model.put("provider", first.provider());
      model.put("author", first.author());
      model.put(
          "api_key_selection",
          story.keySelections(first.provider()).stream().map(TriedFields::keySelection).toList());
      model.put("requests_made", ofOne.stream().map(made -> request(story, made)).toList());
      tried.add(model);
    }
    return tried;
  }

  /** The attempts, those of one candidate together. */
  static List<List<Made>> byModel(AttemptStory story) {
    Map<Candidate, List<Made>> byModel = new LinkedHashMap<>();
    for (Made made : story.made()) {
      byModel.computeIfAbsent(made.sent().candidate(), _ -> new ArrayList<>()).add(made);
    }
    return List.copyOf(byModel.values());
  }

  private static Map<String, Object> request(AttemptStory story, Made made) {
    AttemptRecord attempt = made.attempt();
    TokenUsage usage = measured(story, attempt);
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("status", attempt.isSuccess() ? "success" : "error");
    request.put("error", attempt.isSuccess() ? "" : attempt.words());
    request.put("upstream_input_tokens", usage.input());
    request.put("upstream_output_tokens", usage.output());
    request.put("request", sent(made));
    request.put("response", response(made));
    request.put("upstream_latency", latency(attempt));
    request.put("verdict", attempt.verdict().id());
    return request;
  }

  /** What the provider itself said of an attempt's tokens. */
  private static TokenUsage measured(AttemptStory story, AttemptRecord attempt) {
    TokenCount tokens = attempt.isSuccess() ? story.tokens() : null;
    return tokens == null || tokens.source() == TokenCount.Source.ESTIMATED
        ? TokenUsage.NONE
        : tokens.usage();
  }

  private static Map<String, Object> sent(Made made) {
    AttemptRecord attempt = made.attempt();
    return Map.of(
        "url", url(made.request()),
        "api_key", shown(made.sent().key()),
        "api_key_id", attempt.providerKeyId(),
        "api_key_source", attempt.keySource().name().toLowerCase(Locale.ROOT));
  }

  /** Without its query, in which a policy may put a credential. */
  private static String url(UpstreamRequest request) {
    BaseUrl baseUrl = request.baseUrl();
    String target = request.target();
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    return new BaseUrl(baseUrl.scheme(), baseUrl.host(), baseUrl.port(), path).toString();
  }

  private static String shown(@Nullable ProviderKey key) {
    if (key == null) {
      return "";
    }
    String value = key.value().reveal();
    return value.length() < LONG_KEY ? "***" : "***" + value.substring(value.length() - 4);
  }

  private static Map<String, Object> response(Made made) {
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("status_code", (long) made.attempt().status());
    if (made.result() instanceof Answered answered) {
      response.put("headers", headers(answered.headers(), name -> true));
      if (!made.attempt().isSuccess() && answered.body() instanceof ResponseBody.Whole whole) {
        int shown = Math.min(MOST_BODY, whole.bytes().length());
        response.put(
            "body_on_error", whole.bytes().getString(0, shown, StandardCharsets.UTF_8.name()));
      }
    }
    return response;
  }

  private static Map<String, Object> latency(AttemptRecord attempt) {
    long millis = StoryFields.millis(attempt.firstByteNanos());
    return attempt.ending() == AttemptRecord.Ending.ANSWERED
        ? Map.of("time_to_first_byte_ms", millis, "total_ms", millis)
        : Map.of("total_ms", millis);
  }

  private static Map<String, Object> keySelection(Selection.KeySelection made) {
    return Map.of(
        "strategy", made.strategy(),
        "error", StoryFields.error(made.chosen()),
        "keys_to_try", made.tried().stream().map(TriedFields::shown).toList());
  }

  /** Header fields with all their values, by name in lower case. */
  static Map<String, Object> headers(MultiMap headers, Predicate<String> isShown) {
    Map<String, List<String>> byName = new LinkedHashMap<>();
    headers.forEach((name, value) -> {
      if (isShown.test(name)) {
        byName.computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>()).add(value);
      }
    });
    return Map.copyOf(byName);
  }
}
