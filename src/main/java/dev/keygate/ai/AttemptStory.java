package dev.keygate.ai;

import dev.keygate.exchange.Refusal;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code ai-gateway} action did with a request. Policies read it as a map, under {@code
 * actions.ngrok.ai_gateway} (SPEC.md section 10); the map is made when one does. Belongs to the
 * exchange's event loop.
 */
public final class AttemptStory extends AbstractMap<String, Object> {
  /** Its name among an exchange's results. */
  public static final String NAME = "ai_gateway";

  private final AttemptPlan plan;
  private final List<AttemptRecord> attempts = new ArrayList<>(1);
  private @Nullable Refusal error;
  private @Nullable TokenCount tokens;

  AttemptStory(AttemptPlan plan) {
    this.plan = plan;
  }

  void add(AttemptRecord attempt) {
    attempts.add(attempt);
  }

  /** Says what was used; what is measured stands. */
  void count(TokenCount count) {
    TokenCount known = tokens;
    if (known == null || known.source() == TokenCount.Source.ESTIMATED) {
      tokens = count;
    }
  }

  /**
   * What the answer took; of a streamed one known only when it has ended. Null where nothing is
   * known, or nobody asked to have it counted.
   */
  public @Nullable TokenCount tokens() {
    return tokens;
  }

  void fail(Refusal refusal) {
    error = refusal;
  }

  /** The attempts made so far, in order. */
  public List<AttemptRecord> attempts() {
    return attempts;
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    Map<String, Object> fields = new LinkedHashMap<>();
    boolean isSuccess = !attempts.isEmpty() && attempts.getLast().isSuccess();
    fields.put("status", isSuccess ? "success" : "error");
    fields.put("candidates", candidates());
    fields.put("attempts", attempts.stream().map(AttemptStory::attempt).toList());
    fields.put("models_tried", modelsTried());
    if (error != null) {
      fields.put("error", Map.of("code", error.code().code(), "message", error.message()));
    }
    return fields.entrySet();
  }

  private List<Map<String, Object>> candidates() {
    Set<Candidate> candidates = new LinkedHashSet<>();
    plan.attempts().forEach(attempt -> candidates.add(attempt.candidate()));
    return candidates.stream()
        .map(c -> Map.<String, Object>of("provider", c.provider().id(), "model", c.model()))
        .toList();
  }

  private List<Map<String, Object>> modelsTried() {
    Map<String, List<Map<String, Object>>> requests = new LinkedHashMap<>();
    Map<String, AttemptRecord> models = new LinkedHashMap<>();
    for (AttemptRecord attempt : attempts) {
      String name = attempt.provider() + ':' + attempt.model();
      models.putIfAbsent(name, attempt);
      requests.computeIfAbsent(name, _ -> new ArrayList<>()).add(attempt(attempt));
    }
    List<Map<String, Object>> tried = new ArrayList<>();
    models.forEach((name, attempt) ->
        tried.add(
            Map.of(
                "provider_id",
                attempt.provider(),
                "model_id",
                attempt.model(),
                "requests_made",
                List.copyOf(requests.getOrDefault(name, List.of())))));
    return tried;
  }

  private static Map<String, Object> attempt(AttemptRecord attempt) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("status", attempt.isSuccess() ? "success" : "error");
    fields.put("status_code", (long) attempt.status());
    fields.put("error", attempt.isSuccess() ? "" : attempt.words());
    fields.put("provider_id", attempt.provider());
    fields.put("model_id", attempt.model());
    fields.put("api_key_id", attempt.providerKeyId());
    fields.put("latency_ms", TimeUnit.NANOSECONDS.toMillis(attempt.firstByteNanos()));
    return fields;
  }
}
