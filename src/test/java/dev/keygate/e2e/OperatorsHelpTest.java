package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the control API answers so that pages can help those who run the gateway. */
class OperatorsHelpTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String POLICY =
      """
      on_http_request:
        - expressions:
            - req.url.path == '/closed'
          actions:
            - type: deny
              config:
                status_code: 403
        - type: ai-gateway
      """;

  private static RunningKeygate keygate;

  @BeforeAll
  static void start(@TempDir Path directory) throws IOException {
    keygate = RunningKeygate.start(directory);
  }

  @AfterAll
  static void stop() {
    keygate.close();
  }

  @Test
  void modelsAreListedWithTheirPricesAndTheKeysForThem() {
    JsonNode models = keygate.controlJson("GET", "/models", "").path("models");
    JsonNode model = named(models, "openai:gpt-4o");
    assertThat(model.path("kind").stringValue()).isEqualTo("chat");
    assertThat(model.path("context_window").intValue()).isPositive();
    assertThat(model.path("input_usd_per_million").doubleValue()).isPositive();
    assertThat(model.path("output_usd_per_million").doubleValue()).isPositive();
    assertThat(model.path("managed_provider_keys").intValue()).isEqualTo(1);
    assertThat(models.toString()).doesNotContain(RunningKeygate.OPENAI_KEY);
  }

  @Test
  void aPolicyIsTriedOnExamplesWithoutBeingSaved() {
    JsonNode tried = tried(POLICY, example("/closed", 403) + example("/open", 403));
    assertThat(tried.path("passed").intValue()).isEqualTo(1);
    assertThat(tried.path("failed").intValue()).isEqualTo(1);
    assertThat(tried.path("report").stringValue()).contains("/open answers 403");
    assertThat(keygate.controlJson("GET", "/endpoints", "").toString()).doesNotContain("/closed");
  }

  @Test
  void aPolicyThatCannotBeTriedIsExplainedWithItsLine() {
    JsonNode tried = tried("on_http_request:\n  - type: no-such\n", example("/", 200));
    assertThat(tried.path("failed").intValue()).isEqualTo(1);
    assertThat(tried.path("report").stringValue()).contains("no-such").contains("2:");
  }

  @Test
  void theSchemaOfPoliciesNamesEveryPhase() {
    JsonNode schema = keygate.controlJson("GET", "/policy_schema", "");
    assertThat(schema.path("properties").propertyNames())
        .contains(
            "on_tcp_connect", "on_http_request", "on_http_response", "on_event_stream_message");
  }

  @Test
  void keysAreFoundByAnyPartOfWhatIsWrittenOnThem() {
    String described = made("\"description\":\"Nightly 100%_batch\"");
    String noted = made("\"metadata\":\"{\\\"team\\\":\\\"Quokka\\\"}\"");
    assertThat(found("nightly")).containsExactly(described);
    assertThat(found("100%_B")).containsExactly(described);
    assertThat(found("quokka")).containsExactly(noted);
    assertThat(found(noted)).containsExactly(noted);
    assertThat(found("100__b")).isEmpty();
    assertThat(found("nobody wrote this")).isEmpty();
  }

  private static String made(String field) {
    return keygate.createKey(keygate.defaultEndpointId(), field).id();
  }

  private static List<String> found(String text) {
    String asked = URLEncoder.encode(text, StandardCharsets.UTF_8);
    return StreamSupport.stream(
            keygate
                .controlJson("GET", "/ai_gateway_api_keys?search=" + asked, "")
                .path("ai_gateway_api_keys")
                .spliterator(),
            false)
        .map(key -> key.path("id").stringValue())
        .toList();
  }

  private static JsonNode named(JsonNode models, String id) {
    return StreamSupport.stream(models.spliterator(), false)
        .filter(model -> model.path("id").stringValue().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode tried(String policy, String tests) {
    return keygate.controlJson("POST", "/policy_tests", trial(policy, tests));
  }

  private static String trial(String policy, String tests) {
    return JSON.createObjectNode()
        .put("traffic_policy", policy)
        .put("tests", "tests:\n" + tests)
        .toString();
  }

  private static String example(String path, int status) {
    return "  - name: %s answers %d\n    request: {path: %s, key: {}}\n    expect: {status: %d}\n"
        .formatted(path, status, path, status);
  }
}
