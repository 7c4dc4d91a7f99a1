package dev.keygate.ai;

import dev.keygate.ai.AttemptStory.Made;
import dev.keygate.ai.selection.Item;
import dev.keygate.ai.selection.Strategies.Chosen;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Refusal;
import dev.keygate.key.GatewayKey;
import java.util.LinkedHashMap;
import java.util.List;
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
      case "models_tried" -> TriedFields.of(story);
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
    client.put(
        "request_headers", TriedFields.headers(exchange.headers(), HARMLESS_HEADERS::allows));
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

  static String error(Chosen chosen) {
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

  private static @Nullable Object success(AttemptStory story) {
    if (!story.isSuccess()) {
      return null;
    }
    List<List<Made>> tried = TriedFields.byModel(story);
    AttemptRecord served = story.made().getLast().attempt();
    return Map.of(
        "model_index", (long) tried.size() - 1,
        "request_index", (long) tried.getLast().size() - 1,
        "model", served.model(),
        "provider", served.provider(),
        "author", served.author());
  }

  static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
