package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.e2e.RunningKeygate.CreatedKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What clients see while their key gets another token, or leaks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyRotationTest {
  private RunningKeygate keygate;

  @BeforeAll
  void start(@TempDir Path dir) throws IOException {
    keygate = RunningKeygate.start(dir.resolve("data"));
  }

  @AfterAll
  void stop() {
    keygate.close();
  }

  private String rotated(CreatedKey key, String grace) {
    return keygate
        .controlJson(
            "POST", "/ai_gateway_api_keys/" + key.id() + "/rotate", "{\"grace\":\"" + grace + "\"}")
        .get("token")
        .asString();
  }

  private JsonNode shown(CreatedKey key) {
    return keygate.controlJson("GET", "/ai_gateway_api_keys/" + key.id(), "");
  }

  @Test
  void bothTokensWorkUntilTheGraceIsCutShort() {
    CreatedKey key = keygate.createKey();
    String second = rotated(key, "24h");
    assertThat(keygate.chat(key.token()).statusCode()).isEqualTo(200);
    assertThat(keygate.chat(second).statusCode()).isEqualTo(200);
    JsonNode used = await(key, one -> !one.at("/previous_token/last_used").isNull());
    assertThat(used.get("last_used").isNull()).isFalse();

    keygate.controlJson("POST", "/ai_gateway_api_keys/" + key.id() + "/end_grace", "");
    assertThat(keygate.chat(key.token()).statusCode()).isEqualTo(401);
    assertThat(keygate.chat(second).statusCode()).isEqualTo(200);
    keygate.deleteKey(new CreatedKey(key.id(), second));
    assertThat(keygate.chat(second).statusCode()).isEqualTo(401);
  }

  @Test
  void aRotationWithoutGraceStopsTheOldTokenBeforeItAnswers() {
    CreatedKey key = keygate.createKey();
    String second = rotated(key, "0s");
    assertThat(keygate.chat(key.token()).statusCode()).isEqualTo(401);
    assertThat(keygate.chat(second).statusCode()).isEqualTo(200);
  }

  @Test
  void whoStillUsesADeletedKeyIsCounted() {
    CreatedKey key = keygate.createKey();
    keygate.deleteKey(key);
    for (int i = 0; i < 3; i++) {
      assertThat(keygate.chat(key.token()).statusCode()).isEqualTo(401);
    }
    JsonNode retired = awaitRefusals(key, 3);
    assertThat(retired.get("last_refused").isNull()).isFalse();
    assertThat(keygate.control("GET", "/metrics", "").body())
        .contains("keygate_retired_token_refusals ");
  }

  @Test
  void aLeakedTokenIsRefusedWhenTheReportIsAnswered() {
    CreatedKey key = keygate.createKey();
    JsonNode answer =
        keygate.controlJson("POST", "/leaks", "{\"tokens\":[\"" + key.token() + "\"]}");
    assertThat(answer.at("/results/0/outcome").asString()).isEqualTo("disabled");
    assertThat(keygate.chat(key.token()).statusCode()).isEqualTo(401);
    assertThat(shown(key).get("disabled").asBoolean()).isTrue();
  }

  @Test
  void aLeakedTokenStaysRefusedWhenItsKeyIsRotatedAndEnabled() {
    CreatedKey key = keygate.createKey();
    keygate.controlJson("POST", "/leaks", "{\"tokens\":[\"" + key.token() + "\"]}");
    String second = rotated(key, "24h");
    keygate.controlJson("PATCH", "/ai_gateway_api_keys/" + key.id(), "{\"disabled\":false}");
    assertThat(keygate.chat(second).statusCode()).isEqualTo(200);
    assertThat(keygate.chat(key.token()).statusCode()).isEqualTo(401);
  }

  private JsonNode awaitRefusals(CreatedKey key, int count) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (System.nanoTime() < end) {
      for (JsonNode one : keygate.controlJson("GET", "/retired_tokens", "").get("retired_tokens")) {
        if (one.at("/ai_gateway_api_key/id").asString().equals(key.id())
            && one.get("refusals").asInt() == count) {
          return one;
        }
      }
      LockSupport.parkNanos(50_000_000);
    }
    throw new AssertionError("not counted in time");
  }

  private JsonNode await(CreatedKey key, Predicate<JsonNode> condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (System.nanoTime() < end) {
      JsonNode shown = shown(key);
      if (condition.test(shown)) {
        return shown;
      }
      LockSupport.parkNanos(50_000_000);
    }
    throw new AssertionError("not seen in time");
  }
}
