package dev.keygate.ai;

import dev.keygate.ai.AttemptResult.Answered;
import dev.keygate.ai.AttemptStory.Made;
import dev.keygate.ai.selection.Item;
import dev.keygate.ai.selection.Strategies.Chosen;
import dev.keygate.ai.translate.TokenUsage;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Refusal;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.key.GatewayKey;
import dev.keygate.live.ProviderKey;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The fields of {@code actions.ngrok.ai_gateway}, as expressions and templates read them: texts,
 * integers, lists and maps. No credential is in them, of the client or of a provider; of a provider
 * key its last four characters, where it has many more.
 */
final class StoryFields {
  static final List<String> NAMES =
      List.of(
          "status",
          "error",
          "client",
          "input_ngrok_tokens",
          "output_ngrok_tokens",
          "gateway_latency_ms",
          "model_selection",
          "candidates",
          "skipped",
          "models_tried",
          "success");

  /** What is shown of an error's body. */
  private static final int MOST_BODY = 1024;

  /** A key of fewer characters shows none of them. */
  private static final int LONG_KEY = 20;

  private static final HeaderAllowList HARMLESS_HEADERS = HeaderAllowList.with(List.of());

  private StoryFields() {}

  /** A field's value; null where there is none. */
  static @Nullable Object of(AttemptStory story, String name) {
    return switch (name) {
      case "status" -> story.isSuccess() ? "success" : "error";
      case "error" -> error(story);
      case "client" -> client(story);
      case "input_ngrok_tokens" -> {
        TokenCount tokens = story.tokens();
        yield tokens == null ? 0L : tokens.usage().input();
      }
      case "output_ngrok_tokens" -> {
        TokenCount tokens = story.tokens();
        yield tokens == null ? 0L : tokens.usage().output();
      }
      case "gateway_latency_ms" -> gatewayMillis(story);
      case "model_selection" -> story.selections().stream().map(StoryFields::selection).toList();
      case "candidates" -> story.candidates().stream().map(StoryFields::candidate).toList();
      case "skipped" -> story.skips().stream().map(StoryFields::skip).toList();
      case "models_tried" -> modelsTried(story);
      case "success" -> success(story);
      default -> null;
    };
  }

  private static @Nullable Object error(AttemptStory story) {
    Refusal error = story.error();
    return error == null ? null : Map.of("code", error.code().code(), "message", error.message());
  }

  private static Map<String, Object> client(AttemptStory story) {
    Exchange exchange = story.exchange();
    GatewayKey key = exchange.key();
    String userAgent = exchange.headers().get("user-agent");
    Map<String, Object> client = new LinkedHashMap<>();
    client.put("method", exchange.method());
    client.put("path", exchange.path());
    client.put("request_headers", headers(exchange.headers(), HARMLESS_HEADERS));
    client.put("user_agent", userAgent == null ? "" : userAgent);
    client.put("model", story.names().isEmpty() ? "" : story.names().getFirst());
    client.put(
        "models",
        story.names().isEmpty()
            ? List.of()
            : List.copyOf(story.names().subList(1, story.names().size())));
    client.put("api_key_hash", key == null ? "" : key.id());
    client.put("rejected_models", rejected(story));
    return client;
  }

  private static List<Map<String, Object>> rejected(AttemptStory story) {
    return story.candidates().stream()
        .filter(StoryFields::isRejected)
        .map(one -> Map.<String, Object>of("model", name(one), "reason", one.fate().words()))
        .toList();
  }

  private static boolean isRejected(CandidateRecord candidate) {
    return switch (candidate.fate()) {
      case TRIED, NOT_REACHED, SKIPPED -> false;
      default -> true;
    };
  }

  private static String name(CandidateRecord candidate) {
    return candidate.provider().isEmpty()
        ? candidate.model()
        : candidate.provider() + ':' + candidate.model();
  }

  /** The time up to the last attempt's end, less what the attempts took. */
  private static long gatewayMillis(AttemptStory story) {
    List<Made> made = story.made();
    if (made.isEmpty()) {
      return 0;
    }
    AttemptRecord last = made.getLast().attempt();
    long waited = made.stream().mapToLong(one -> one.attempt().firstByteNanos()).sum();
    return millis(last.startNanos() + last.firstByteNanos() - waited);
  }

  /**
   * A strategy is given only what is allowed and what the client named, so that the lists which
   * other gateways take that from are one.
   */
  private static Map<String, Object> selection(Selection.ModelSelection made) {
    List<String> returned =
        made.chosen() instanceof Chosen.These these
            ? these.items().stream()
                .map(Item::subject)
                .filter(Candidate.class::isInstance)
                .map(Object::toString)
                .toList()
            : List.of();
    Map<String, Object> selection = new LinkedHashMap<>();
    selection.put("strategy", made.strategy());
    selection.put("error", error(made.chosen()));
    selection.put("candidates_returned", returned);
    selection.put("candidates_after_allowed_filter", returned);
    selection.put("candidates_after_client_filter", returned);
    selection.put("models_to_try", made.tried().stream().map(Candidate::toString).toList());
    return selection;
  }

  private static Map<String, Object> keySelection(Selection.KeySelection made) {
    return Map.of(
        "strategy", made.strategy(),
        "error", error(made.chosen()),
        "keys_to_try", made.tried().stream().map(StoryFields::shown).toList());
  }

  private static String error(Chosen chosen) {
    return switch (chosen) {
      case Chosen.These these -> "";
      case Chosen.WrongType(String type) -> "expected a list, got " + type;
      case Chosen.Failed failed -> "it could not be evaluated";
    };
  }

  private static Map<String, Object> candidate(CandidateRecord candidate) {
    return Map.of(
        "provider", candidate.provider(),
        "model", candidate.model(),
        "author", candidate.author(),
        "fate", candidate.fate().id(),
        "reason", candidate.fate().words());
  }

  private static Map<String, Object> skip(SkipRecord skip) {
    return Map.of(
        "provider", skip.provider(),
        "model", skip.model(),
        "api_key_id", skip.providerKeyId(),
        "reason", skip.reason(),
        "rest_ms", skip.restMillis());
  }

  private static List<Map<String, Object>> modelsTried(AttemptStory story) {
    List<Map<String, Object>> tried = new ArrayList<>();
    for (List<Made> ofOne : byModel(story)) {
      AttemptRecord first = ofOne.getFirst().attempt();
      Map<String, Object> model = new LinkedHashMap<>();
      model.put("model", first.model());
      model.put("provider", first.provider());
      model.put("author", first.author());
      model.put(
          "api_key_selection",
          story.keySelections(first.provider()).stream().map(StoryFields::keySelection).toList());
      model.put("requests_made", ofOne.stream().map(made -> request(story, made)).toList());
      tried.add(model);
    }
    return tried;
  }

  /** The attempts, those of one candidate together. */
  private static List<List<Made>> byModel(AttemptStory story) {
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
      response.put("headers", headers(answered.headers(), null));
      if (!made.attempt().isSuccess() && answered.body() instanceof ResponseBody.Whole whole) {
        int shown = Math.min(MOST_BODY, whole.bytes().length());
        response.put(
            "body_on_error", whole.bytes().getString(0, shown, StandardCharsets.UTF_8.name()));
      }
    }
    return response;
  }

  private static Map<String, Object> latency(AttemptRecord attempt) {
    long millis = millis(attempt.firstByteNanos());
    return attempt.ending() == AttemptRecord.Ending.ANSWERED
        ? Map.of("time_to_first_byte_ms", millis, "total_ms", millis)
        : Map.of("total_ms", millis);
  }

  private static @Nullable Object success(AttemptStory story) {
    if (!story.isSuccess()) {
      return null;
    }
    List<List<Made>> tried = byModel(story);
    AttemptRecord served = story.made().getLast().attempt();
    return Map.of(
        "model_index", (long) tried.size() - 1,
        "request_index", (long) tried.getLast().size() - 1,
        "model", served.model(),
        "provider", served.provider(),
        "author", served.author());
  }

  private static Map<String, Object> headers(MultiMap headers, @Nullable HeaderAllowList shown) {
    Map<String, List<String>> byName = new LinkedHashMap<>();
    headers.forEach((name, value) -> {
      if (shown == null || shown.allows(name)) {
        byName.computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>()).add(value);
      }
    });
    return Map.copyOf(byName);
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
