package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy's {@code api_keys} are read from their vault for each request. */
class ProviderKeysFromVaultsTest {
  private static final String POLICY =
      """
      on_http_request:
        - type: ai-gateway
          config:
            providers:
              - id: openai
                api_keys:
                  - value: ${secrets.get('openai', 'key')}
      """;

  private RunningKeygate keygate;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    keygate = RunningKeygate.start(directory);
  }

  @AfterEach
  void stop() {
    keygate.close();
  }

  @Test
  void aChangedSecretIsSentWithTheNextRequestAndADeletedOneNeverAgain() {
    keygate.secrets("openai", Map.of("key", "sk-first"));
    String secret = keygate.controlJson("GET", "/vault_secrets", "").at("/secrets/0/id").asString();
    save();
    String token = keygate.createKey().token();
    assertThat(chat(token).statusCode()).isEqualTo(200);
    assertThat(lastCredential()).isEqualTo("Bearer sk-first");

    keygate.controlJson("PATCH", "/vault_secrets/" + secret, "{\"value\": \"sk-second\"}");
    assertThat(chat(token).statusCode()).isEqualTo(200);
    assertThat(lastCredential()).isEqualTo("Bearer sk-second");

    assertThat(keygate.control("DELETE", "/vault_secrets/" + secret, "").statusCode())
        .isEqualTo(204);
    HttpResponse<String> without = chat(token);
    assertThat(without.headers().firstValue("x-keygate-error")).contains("ERR_NGROK_3802");
    assertThat(keygate.provider.received()).hasSize(2);
  }

  @Test
  void whatIsNoKeyIsNeitherSentNorLogged() {
    keygate.secrets("openai", Map.of("key", "sk-first\\n"));
    String secret = keygate.controlJson("GET", "/vault_secrets", "").at("/secrets/0/id").asString();
    save();
    String token = keygate.createKey().token();
    assertThat(chat(token).statusCode()).isEqualTo(200);
    assertThat(lastCredential()).isEqualTo("Bearer sk-first");

    keygate.controlJson("PATCH", "/vault_secrets/" + secret, "{\"value\": \"sk-sec\\nond\"}");
    try (LogCapture log = LogCapture.open()) {
      assertThat(chat(token).headers().firstValue("x-keygate-error")).contains("ERR_NGROK_3802");
      assertThat(log.lines())
          .anyMatch(line -> line.contains("openai.api_keys[0] is not used"))
          .noneMatch(line -> line.contains("sk-sec"));
    }
    assertThat(keygate.provider.received()).hasSize(1);
  }

  private void save() {
    String body = "{\"traffic_policy\": " + RunningKeygate.JSON.writeValueAsString(POLICY) + "}";
    keygate.controlJson("PATCH", "/endpoints/" + keygate.defaultEndpointId(), body);
  }

  private HttpResponse<String> chat(String token) {
    return keygate.gateway(
        "/v1/chat/completions",
        RunningKeygate.chatBody("gpt-4o", "Hello"),
        "authorization",
        "Bearer " + token);
  }

  private String lastCredential() {
    return keygate.provider.received().getLast().headers().stream()
        .filter(header -> header.getKey().equalsIgnoreCase("authorization"))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }
}
