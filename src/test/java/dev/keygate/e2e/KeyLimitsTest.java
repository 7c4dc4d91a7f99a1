package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.e2e.RunningKeygate.CreatedKey;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a gateway key may do, set by the control API and held to by the gateway. */
class KeyLimitsTest {
  private static RunningKeygate keygate;

  @BeforeAll
  static void start(@TempDir Path dataDir) throws Exception {
    keygate = RunningKeygate.start(dataDir);
  }

  @AfterAll
  static void stop() {
    keygate.close();
  }

  @Test
  void aKeyMayMakeItsRequestsAMinuteAndNoMore() {
    CreatedKey key = key("\"requests_per_minute\":3");
    int before = keygate.provider.received().size();
    for (int left = 2; left >= 0; left--) {
      HttpResponse<String> answer = keygate.chat(key.token());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(header(answer, "x-ratelimit-limit-requests")).isEqualTo("3");
      assertThat(header(answer, "x-ratelimit-remaining-requests")).isEqualTo("" + left);
      assertThat(header(answer, "x-ratelimit-reset-requests")).isEqualTo("1m0s");
    }
    // However the key is sent, it is the same key.
    HttpResponse<String> refused =
        keygate.gateway(
            "/v1/chat/completions",
            RunningKeygate.chatBody("gpt-4o", "Hello"),
            "X-API-KEY",
            key.token());
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(header(refused, "x-ratelimit-remaining-requests")).isEqualTo("0");
    assertThat(Integer.parseInt(header(refused, "retry-after"))).isBetween(1, 60);
    assertThat(error(refused).get("type").asString()).isEqualTo("rate_limit_error");
    assertThat(keygate.provider.received()).hasSize(before + 3);
  }

  @Test
  void aChangedLimitHoldsForTheNextRequestAndOneTakenAwayNoMore() {
    CreatedKey key = key("\"requests_per_minute\":1");
    assertThat(keygate.chat(key.token()).statusCode()).isEqualTo(200);
    assertThat(keygate.chat(key.token()).statusCode()).isEqualTo(429);
    patch(key, "{\"requests_per_minute\":2}");
    assertThat(keygate.chat(key.token()).statusCode()).isEqualTo(200);
    assertThat(keygate.chat(key.token()).statusCode()).isEqualTo(429);
    assertThat(patch(key, "{\"requests_per_minute\":null}").get("requests_per_minute").isNull())
        .isTrue();
    assertThat(keygate.chat(key.token()).statusCode()).isEqualTo(200);
  }

  @Test
  void aKeyIsGoodFromItsAddressesOnly() {
    CreatedKey here = key("\"allowed_cidrs\":[\"127.0.0.0/8\"]");
    assertThat(keygate.chat(here.token()).statusCode()).isEqualTo(200);
    CreatedKey elsewhere = key("\"allowed_cidrs\":[\"192.0.2.0/24\",\"::/0\"]");
    HttpResponse<String> refused =
        keygate.gateway(
            "/v1/chat/completions",
            RunningKeygate.chatBody("gpt-4o", "Hello"),
            "Authorization",
            "Bearer " + elsewhere.token(),
            "X-Forwarded-For",
            "192.0.2.1",
            "Forwarded",
            "for=192.0.2.1");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(error(refused).get("code").asString()).isEqualTo("address_not_allowed");
  }

  @Test
  void aKeyMayUseItsModelsAndProvidersOnly() {
    CreatedKey models = key("\"allowed_models\":[\"GPT-4o-mini\",\"anthropic:claude-x\"]");
    assertThat(chat(models, "gpt-4o-mini").statusCode()).isEqualTo(200);
    assertThat(chat(models, "openai:gpt-4o-mini").statusCode()).isEqualTo(200);
    assertThat(chat(models, "anthropic:claude-x").statusCode()).isEqualTo(200);
    for (String other : List.of("gpt-4o", "OPENAI:gpt-4o", "openai:claude-x")) {
      HttpResponse<String> refused = chat(models, other);
      assertThat(refused.statusCode()).as(other).isEqualTo(403);
      assertThat(error(refused).get("code").asString()).isEqualTo("model_not_allowed");
    }
    CreatedKey providers = key("\"allowed_providers\":[\"anthropic\"]");
    HttpResponse<String> refused = chat(providers, "gpt-4o");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(error(refused).get("message").asString())
        .isEqualTo(
            "Provider 'openai' is not allowed by gateway configuration [provider_not_allowed]");
  }

  @Test
  void aKeyListsTheModelsItMayUse() {
    CreatedKey key = key("\"allowed_models\":[\"gpt-4o-mini\"]");
    HttpResponse<String> answer =
        keygate.send(
            HttpRequest.newBuilder(URI.create(keygate.gatewayUrl() + "/v1/models"))
                .header("Authorization", "Bearer " + key.token()));
    JsonNode data = RunningKeygate.JSON.readTree(answer.body()).get("data");
    assertThat(data).hasSize(1);
    assertThat(data.get(0).get("id").asString()).isEqualTo("gpt-4o-mini");
  }

  @Test
  void tokensThatWereUsedCountAndThoseThatWereOnlyReservedDoNot() {
    CreatedKey key = key("\"tokens_per_minute\":2000");
    HttpResponse<String> first = keygate.chat(key.token());
    assertThat(first.statusCode()).isEqualTo(200);
    int used = RunningKeygate.JSON.readTree(first.body()).get("usage").get("total_tokens").asInt();
    HttpResponse<String> second = keygate.chat(key.token());
    int reserved = 2000 - Integer.parseInt(header(first, "x-ratelimit-remaining-tokens"));
    assertThat(reserved).isGreaterThan(500);
    assertThat(header(second, "x-ratelimit-remaining-tokens"))
        .isEqualTo("" + (2000 - used - reserved));

    String greedy =
        "{\"model\":\"gpt-4o\",\"max_tokens\":1999,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    HttpResponse<String> refused =
        keygate.gateway("/v1/chat/completions", greedy, "Authorization", "Bearer " + key.token());
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(header(refused, "x-ratelimit-limit-tokens")).isEqualTo("2000");
    assertThat(header(refused, "retry-after")).isNotEmpty();
  }

  @Test
  void onlySoManyRequestsAreUnderWayAtATime() throws Exception {
    CreatedKey key = key("\"max_concurrent\":2");
    int before = keygate.provider.received().size();
    List<CompletableFuture<HttpResponse<String>>> slow = List.of(slowly(key), slowly(key));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (keygate.provider.received().size() < before + 2 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    HttpResponse<String> third = keygate.chat(key.token());
    assertThat(third.statusCode()).isEqualTo(429);
    assertThat(header(third, "retry-after")).isEqualTo("1");
    for (CompletableFuture<HttpResponse<String>> answer : slow) {
      assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
    // The places are given back, by those who were refused too.
    for (int i = 0; i < 3; i++) {
      assertThat(keygate.chat(key.token()).statusCode()).isEqualTo(200);
    }
  }

  private static CompletableFuture<HttpResponse<String>> slowly(CreatedKey key) {
    return keygate.http.sendAsync(
        HttpRequest.newBuilder(URI.create(keygate.gatewayUrl() + "/v1/chat/completions"))
            .header("Authorization", "Bearer " + key.token())
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    RunningKeygate.chatBody("openai:sim-delay-1500ms", "Hello")))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void limitsThatMakeNoSenseAreRefusedWhenTheyAreSet() {
    Map.of(
            "\"requests_per_minute\":0", "requests_per_minute",
            "\"max_concurrent\":\"many\"", "max_concurrent",
            "\"allowed_cidrs\":[\"10.0.0.1/8\"]", "allowed_cidrs",
            "\"allowed_models\":[]", "allowed_models")
        .forEach((fields, field) -> {
          HttpResponse<String> refused =
              keygate.control(
                  "POST",
                  "/ai_gateway_api_keys",
                  "{\"endpoint_id\":\"" + keygate.defaultEndpointId() + "\"," + fields + "}");
          assertThat(refused.statusCode()).as(fields).isBetween(400, 422);
          assertThat(refused.body()).contains(field);
        });
  }

  private static HttpResponse<String> chat(CreatedKey key, String model) {
    return keygate.gateway(
        "/v1/chat/completions",
        RunningKeygate.chatBody(model, "Hello"),
        "Authorization",
        "Bearer " + key.token());
  }

  private static CreatedKey key(String fields) {
    return keygate.createKey(keygate.defaultEndpointId(), fields);
  }

  private static JsonNode patch(CreatedKey key, String body) {
    return keygate.controlJson("PATCH", "/ai_gateway_api_keys/" + key.id(), body);
  }

  private static JsonNode error(HttpResponse<String> answer) {
    return RunningKeygate.JSON.readTree(answer.body()).get("error");
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
