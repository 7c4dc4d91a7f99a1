package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.e2e.RunningKeygate.CreatedKey;
import dev.keygate.server.Setting;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promises of SPEC.md section 1, each by name, through real sockets. Subclasses say on which
 * database.
 */
abstract class Promises {
  private static final String INVALID = "ERR_NGROK_27007";

  private RunningKeygate keygate;
  private LogCapture log;

  /** Settings that choose the database. */
  abstract Map<Setting, String> database();

  /** Every byte the database holds, as text in which stored text can be found. */
  abstract String databaseContents(Path dataDir);

  @BeforeEach
  void start(@TempDir Path dataDir) throws Exception {
    log = LogCapture.open();
    keygate = RunningKeygate.start(dataDir, database());
  }

  @AfterEach
  void stop() {
    keygate.close();
    log.close();
  }

  @Test
  void noRequestReachesAProviderUnlessAValidCredentialAllowedIt() {
    CreatedKey valid = keygate.createKey();
    CreatedKey deleted = keygate.createKey();
    keygate.deleteKey(deleted);
    CreatedKey disabled = keygate.createKey(keygate.defaultEndpointId(), "\"disabled\":true");
    CreatedKey expired =
        keygate.createKey(keygate.defaultEndpointId(), "\"expires_at\":\"2020-01-01T00:00:00Z\"");
    CreatedKey elsewhere = keygate.createKey(otherEndpoint(), "");
    String malformed = valid.token().substring(0, 60) + (valid.token().endsWith("0") ? "1" : "0");
    String unknown = dev.keygate.key.KeyToken.generate(new java.security.SecureRandom()).reveal();

    for (String refused :
        List.of(deleted.token(), disabled.token(), expired.token(), malformed, unknown, "sk-x")) {
      assertRefused(keygate.chat(refused), 401, INVALID);
    }
    assertRefused(keygate.gateway("/v1/chat/completions", body()), 401, INVALID);
    assertRefused(
        keygate.gateway("/v1/chat/completions", body(), "Cookie", valid.token()), 401, INVALID);
    assertRefused(
        keygate.gateway("/v1/chat/completions?api_key=" + valid.token(), body()), 401, INVALID);
    assertRefused(
        keygate.gateway(
            "/v1/chat/completions",
            body(),
            "Authorization",
            "Bearer " + valid.token(),
            "x-api-key",
            unknown),
        401,
        INVALID);
    assertRefused(keygate.chat(elsewhere.token()), 403, "ERR_NGROK_27008");

    assertThat(keygate.provider.received()).isEmpty();
    assertThat(keygate.chat(valid.token()).statusCode()).isEqualTo(200);
    assertThat(keygate.provider.received()).hasSize(1);
  }

  @Test
  void aGatewayKeyNeverLeavesKeygate() {
    CreatedKey key = keygate.createKey();
    CreatedKey revoked = keygate.createKey();
    keygate.deleteKey(revoked);
    Stream.of("Authorization", "x-api-key", "api-key", "x-goog-api-key")
        .forEach(header -> {
          String value = header.equals("Authorization") ? "Bearer " : "";
          assertThat(
                  keygate
                      .gateway("/v1/chat/completions", body(), header, value + key.token())
                      .statusCode())
              .isEqualTo(200);
          keygate.gateway("/v1/chat/completions", body(), header, value + revoked.token());
        });
    String errors =
        keygate.chat(revoked.token()).body()
            + keygate.chat(key.token() + "x").body()
            + keygate.gateway("/v1/chat/completions", "{", "x-api-key", key.token()).body()
            + keygate.gateway("/nowhere?key=" + key.token(), "{}").body()
            + misplaced(key);
    String metrics = keygate.control("GET", "/metrics", "").body();
    String listed = keygate.control("GET", "/ai_gateway_api_keys", "").body();

    assertThat(metrics).contains("keygate");
    String outside =
        keygate.provider.received().toString()
            + errors
            + metrics
            + listed
            + keygate.control("GET", "/requests", "").body()
            + String.join("\n", log.lines())
            + databaseContents(keygate.dataDir);
    for (CreatedKey secret : List.of(key, revoked)) {
      assertThat(outside)
          .doesNotContain(secret.token())
          .doesNotContain(secret.token().substring(23));
    }
    assertThat(outside).doesNotContain(keygate.managementToken());
    assertThat(keygate.provider.received()).hasSize(4);
  }

  /** What is answered to a client that sends its key where a model's name belongs. */
  private String misplaced(CreatedKey key) {
    HttpResponse<String> refused =
        keygate.gateway(
            "/v1/chat/completions",
            RunningKeygate.chatBody(key.token(), "Hello"),
            "x-api-key",
            key.token());
    assertThat(refused.statusCode()).isBetween(400, 499);
    // The request log has it a moment later, packed: what it holds is read through the API.
    String id = refused.headers().firstValue("x-request-id").orElseThrow();
    long deadline = System.nanoTime() + 20_000_000_000L;
    HttpResponse<String> explained = keygate.control("GET", "/requests/" + id, "");
    while (explained.statusCode() == 404 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
      explained = keygate.control("GET", "/requests/" + id, "");
    }
    assertThat(explained.statusCode()).isEqualTo(200);
    return refused.body() + explained.body();
  }

  @Test
  void aProviderKeyIsNeverShownToAClientAndIsEncryptedWhereverItIsStored() {
    String attached = "sk-canary-attached-5d2e8f1a9c";
    CreatedKey key =
        keygate.createKey(
            keygate.defaultEndpointId(),
            "\"provider_keys\":[{\"provider_id\":\"openai\",\"value\":\"" + attached + "\"}]");

    HttpResponse<String> answer = keygate.chat(key.token());
    assertThat(answer.statusCode()).isEqualTo(200);
    // It is the one the provider got, and no gateway key beside it.
    assertThat(keygate.provider.received().toString())
        .contains(attached)
        .doesNotContain(key.token());

    HttpResponse<String> failed =
        keygate.gateway(
            "/v1/chat/completions",
            RunningKeygate.chatBody("gpt-4o-sim-status-500", "Hello"),
            "x-api-key",
            key.token());
    assertThat(failed.statusCode()).isGreaterThanOrEqualTo(500);
    String shown =
        answer.body()
            + answer.headers().map()
            + failed.body()
            + failed.headers().map()
            + keygate.control("GET", "/ai_gateway_provider_keys", "").body()
            + keygate.control("GET", "/ai_gateway_api_keys/" + key.id(), "").body()
            + keygate.control("GET", "/metrics", "").body()
            + String.join("\n", log.lines())
            + databaseContents(keygate.dataDir);
    assertThat(shown)
        .doesNotContain(attached)
        .doesNotContain(RunningKeygate.OPENAI_KEY)
        .doesNotContain(RunningKeygate.ANTHROPIC_KEY);
  }

  @Test
  void deletingAKeyStopsItAtOnce() {
    for (int i = 0; i < 50; i++) {
      CreatedKey key = keygate.createKey();
      assertThat(keygate.chat(key.token()).statusCode()).isEqualTo(200);
      keygate.deleteKey(key);
      assertRefused(keygate.chat(key.token()), 401, INVALID);
    }
  }

  @Test
  void anErrorWhileDecidingRefusesTheRequest() {
    CreatedKey key = keygate.createKey();
    // The policy's expression cannot be evaluated: the header is no number.
    keygate.controlJson(
        "PATCH",
        "/endpoints/" + keygate.defaultEndpointId(),
        """
        {"traffic_policy": "on_http_request:\\n  - expressions: [\\"int(req.headers['x-level'][0]) > 3\\"]\\n    actions:\\n      - type: deny\\n  - type: ai-gateway\\n"}
        """);
    HttpResponse<String> refused =
        keygate.gateway(
            "/v1/chat/completions", body(), "x-api-key", key.token(), "x-level", "not a number");
    assertRefused(refused, 500, "ERR_NGROK_2201");
    assertThat(keygate.provider.received()).isEmpty();

    HttpResponse<String> passed =
        keygate.gateway("/v1/chat/completions", body(), "x-api-key", key.token(), "x-level", "1");
    assertThat(passed.statusCode()).isEqualTo(200);
  }

  private String otherEndpoint() {
    return keygate
        .controlJson(
            "POST",
            "/endpoints",
            "{\"url\":\"https://other.example.com\",\"traffic_policy\":\"on_http_request:\\n  - type: ai-gateway\\n\"}")
        .get("id")
        .asString();
  }

  private static String body() {
    return RunningKeygate.chatBody("gpt-4o", "Hello");
  }

  private static void assertRefused(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("x-keygate-error")).contains(code);
    assertThat(response.headers().firstValue("x-request-id")).isPresent();
    assertThat(RunningKeygate.JSON.readTree(response.body()).at("/error/code").asString())
        .isEqualTo(code);
  }
}
