package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.e2e.RunningKeygate.CreatedKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is remembered of requests, read back as an operator reads it. */
class RequestHistoryTest {
  private static final long POLL_NANOS = 5_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;
  private RunningKeygate keygate;
  private CreatedKey key;

  @BeforeEach
  void start() throws IOException {
    keygate = RunningKeygate.start(directory);
    key = keygate.createKey();
  }

  @AfterEach
  void stop() {
    keygate.close();
  }

  @Test
  void aRequestIsExplained() {
    JsonNode request = explained(keygate.chat(key.token()));
    assertThat(request.path("status").intValue()).isEqualTo(200);
    assertThat(request.at("/ai_gateway_api_key/id").stringValue()).isEqualTo(key.id());
    assertThat(request.at("/endpoint/id").stringValue()).isEqualTo(keygate.defaultEndpointId());
    assertThat(request.path("surface").stringValue()).isEqualTo("chat-completions");
    assertThat(request.at("/models_asked/0").stringValue()).isEqualTo("gpt-4o");
    assertThat(request.at("/candidates/0/model").stringValue()).isEqualTo("gpt-4o");
    assertThat(request.path("tokens").stringValue()).isEqualTo("measured");
    assertThat(request.path("tokens_in").intValue()).isPositive();
    assertThat(request.path("tokens_out").intValue()).isPositive();
    assertThat(request.path("cost_usd").doubleValue()).isPositive();
    assertThat(request.path("client_ip").stringValue()).isEqualTo("127.0.0.1");
    JsonNode attempt = request.at("/attempts/0");
    assertThat(attempt.path("provider").stringValue()).isEqualTo("openai");
    assertThat(attempt.path("status").intValue()).isEqualTo(200);
    assertThat(attempt.path("provider_key_id").stringValue()).isNotEmpty();
    assertThat(request.toString()).doesNotContain(key.token(), RunningKeygate.OPENAI_KEY);
  }

  @Test
  void aStreamsUsageIsAskedForAndHiddenFromAClientThatDidNotAsk() {
    String body =
        RunningKeygate.chatBody("gpt-4o", "Hello").replace("{\"model", "{\"stream\":true,\"model");
    HttpResponse<String> streamed =
        keygate.gateway("/v1/chat/completions", body, "Authorization", "Bearer " + key.token());
    assertThat(streamed.body()).contains("[DONE]").doesNotContain("total_tokens");
    JsonNode request = explained(streamed);
    assertThat(request.path("tokens").stringValue()).isEqualTo("measured");
    assertThat(request.path("tokens_out").intValue()).isPositive();
  }

  @Test
  void aStreamThatIsHungUpOnIsEstimated() throws Exception {
    String body =
        RunningKeygate.chatBody("openai:sim-stall-3", "Hello")
            .replace("{\"model", "{\"stream\":true,\"model");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(keygate.gatewayUrl() + "/v1/chat/completions"))
            .header("Authorization", "Bearer " + key.token())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<InputStream> streamed =
        keygate.http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream events = streamed.body()) {
      assertThat(events.read()).isEqualTo('d');
    }
    JsonNode shown = remembered(id(streamed));
    assertThat(shown.path("tokens").stringValue()).isEqualTo("estimated");
    assertThat(shown.path("tokens_in").intValue()).isPositive();
  }

  @Test
  void aRefusalIsRememberedWithWhatTheClientWasNotTold() {
    keygate.deleteKey(key);
    JsonNode request = explained(keygate.chat(key.token()));
    assertThat(request.path("status").intValue()).isEqualTo(401);
    assertThat(request.path("error_code").stringValue()).isEqualTo("ERR_NGROK_27007");
    assertThat(request.path("reason").stringValue()).isNotEmpty();
    assertThat(request.path("ai_gateway_api_key").isNull()).isTrue();
    assertThat(request.path("attempts").isEmpty()).isTrue();
  }

  @Test
  void eachAttemptIsTold() {
    String body =
        RunningKeygate.chatBody("openai:sim-status-500", "Hello")
            .replace("{\"model", "{\"models\":[\"openai:gpt-4o\"],\"model");
    JsonNode request =
        explained(
            keygate.gateway(
                "/v1/chat/completions", body, "Authorization", "Bearer " + key.token()));
    assertThat(request.path("attempts"))
        .extracting(attempt -> attempt.path("status").intValue())
        .containsExactly(500, 200);
    assertThat(request.path("attempts"))
        .extracting(attempt -> attempt.path("verdict").stringValue())
        .containsExactly("next_candidate", "served");
    assertThat(request.path("model").stringValue()).isEqualTo("gpt-4o");
  }

  @Test
  void aKeyThatItsProviderRefusedIsShownAsSetAside() {
    CreatedKey own =
        keygate.createKey(
            keygate.defaultEndpointId(),
            "\"provider_keys\":[{\"provider_id\":\"openai\",\"value\":\"sk-refused\"}]");
    assertThat(setAside()).containsExactly("");
    String refused = RunningKeygate.chatBody("openai:sim-status-401", "Hello");
    keygate.gateway("/v1/chat/completions", refused, "Authorization", "Bearer " + own.token());
    assertThat(setAside()).containsExactly("the provider answered 401");
  }

  private List<String> setAside() {
    return keygate
        .controlJson("GET", "/ai_gateway_provider_keys", "")
        .path("ai_gateway_provider_keys")
        .valueStream()
        .map(key -> key.path("set_aside").stringValue())
        .toList();
  }

  @Test
  void requestsAreListedPageByPageAndByWhatIsAskedOfThem() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(id(keygate.chat(key.token())));
    }
    ids.forEach(this::remembered);
    String refused = id(keygate.chat(keygate.createKey().token() + "x"));
    remembered(refused);
    List<String> listed = new ArrayList<>();
    String path = "/requests?limit=2&ai_gateway_api_key_id=" + key.id();
    while (path != null) {
      JsonNode page = keygate.controlJson("GET", path, "");
      page.path("requests").forEach(request -> listed.add(request.path("id").stringValue()));
      JsonNode next = page.path("next_page_uri");
      path = next.isNull() ? null : next.stringValue().substring(keygate.controlUrl().length());
    }
    assertThat(listed).containsExactlyElementsOf(ids.reversed());
    assertThat(listed("/requests?status=401")).containsExactly(refused);
    assertThat(listed("/requests?status=4xx&model=gpt-4o")).isEmpty();
    assertThat(listed("/requests?until=2020-01-01")).isEmpty();
    assertThat(listed("/requests?filter=obj.status%20%3D%3D%20401")).containsExactly(refused);
    assertThat(keygate.control("GET", "/requests?status=good", "").statusCode()).isEqualTo(400);
    assertThat(keygate.control("GET", "/requests?since=now", "").statusCode()).isEqualTo(400);
    assertThat(keygate.control("GET", "/requests/req_" + "0".repeat(27), "").statusCode())
        .isEqualTo(404);
  }

  @Test
  void sumsFollowFromTheRequests() {
    Stream.generate(() -> id(keygate.chat(key.token())))
        .limit(3)
        .toList()
        .forEach(this::remembered);
    JsonNode overview = keygate.controlJson("GET", "/usage/overview", "");
    assertThat(overview.at("/totals/requests").intValue()).isEqualTo(3);
    assertThat(overview.at("/totals/errors").intValue()).isZero();
    assertThat(overview.at("/totals/tokens_in").intValue()).isPositive();
    assertThat(overview.at("/totals/duration_p95_ms").doubleValue()).isPositive();
    assertThat(overview.at("/top_keys/0/ai_gateway_api_key_id").stringValue()).isEqualTo(key.id());
    assertThat(overview.at("/top_models/0/model").stringValue()).isEqualTo("gpt-4o");
    assertThat(overview.path("series").isEmpty()).isFalse();
    for (String group : List.of("key", "model", "provider", "endpoint", "hour", "day")) {
      JsonNode usage = keygate.controlJson("GET", "/usage?group_by=" + group, "").path("usage");
      assertThat(usage.at("/0/requests").intValue()).as(group).isEqualTo(3);
    }
    assertThat(keygate.control("GET", "/usage?group_by=colour", "").statusCode()).isEqualTo(400);
    assertThat(keygate.control("GET", "/usage/yesterday", "").statusCode()).isEqualTo(404);
  }

  @Test
  void aStopLosesNothing() throws IOException {
    String id = id(keygate.chat(key.token()));
    keygate.close();
    keygate = RunningKeygate.start(directory);
    assertThat(keygate.controlJson("GET", "/requests/" + id, "").path("status").intValue())
        .isEqualTo(200);
  }

  private List<String> listed(String path) {
    List<String> ids = new ArrayList<>();
    keygate
        .controlJson("GET", path, "")
        .path("requests")
        .forEach(request -> ids.add(request.path("id").stringValue()));
    return ids;
  }

  private JsonNode explained(HttpResponse<String> answer) {
    return remembered(id(answer));
  }

  private static String id(HttpResponse<?> answer) {
    return answer.headers().firstValue("x-request-id").orElseThrow();
  }

  /** The request once the store has it, which is a moment after its answer. */
  private JsonNode remembered(String id) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    HttpResponse<String> shown = keygate.control("GET", "/requests/" + id, "");
    while (shown.statusCode() == 404 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(POLL_NANOS); // there is a limit of calls a minute
      shown = keygate.control("GET", "/requests/" + id, "");
    }
    assertThat(shown.statusCode()).as(shown.body()).isEqualTo(200);
    return RunningKeygate.JSON.readTree(shown.body());
  }
}
