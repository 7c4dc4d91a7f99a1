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

/**
 * The ways in which an endpoint that uses the gateway's own provider keys is commonly protected,
 * with {@code authorization: policy}: what the rules refuse never reaches a provider.
 */
class SecuredEndpointsTest {
  private static final String REFUSE =
      """
          actions:
            - type: custom-response
              config:
                status_code: 401
                headers: {content-type: application/json}
                body: '{"error": {"message": "who are you?", "type": "authentication_error"}}'
        - type: ai-gateway
          config: {authorization: policy}
      """;

  private RunningKeygate keygate;

  @BeforeEach
  void start(@TempDir Path dataDir) throws IOException {
    keygate = RunningKeygate.start(dataDir);
    keygate.secrets(
        "gateway", Map.of("token", "s3cret-t0ken", "red", "of-team-red", "blue", "of-team-blue"));
  }

  @AfterEach
  void stop() {
    keygate.close();
  }

  @Test
  void aSharedTokenLetsThrough() {
    save(
        """
        on_http_request:
          - expressions:
              - "req.headers['authorization'][0] != 'Bearer ' + secrets.get('gateway', 'token')"
        """);
    assertPasses("Authorization", "Bearer s3cret-t0ken");
    assertPasses("AUTHORIZATION", "Bearer s3cret-t0ken");
    assertRefused("Authorization", "Bearer s3cret-t0keN");
    assertRefused("Authorization", "s3cret-t0ken");
    assertRefused("x-other", "Bearer s3cret-t0ken");
    assertRefused();
  }

  @Test
  void anyOfSeveralTokensLetsThrough() {
    save(
        """
        on_http_request:
          - actions:
              - type: set-vars
                config:
                  vars:
                    - tokens:
                        - Bearer ${secrets.get('gateway', 'red')}
                        - Bearer ${secrets.get('gateway', 'blue')}
          - expressions:
              - "!(req.headers['authorization'][0] in vars.tokens)"
        """);
    assertPasses("authorization", "Bearer of-team-red");
    assertPasses("authorization", "Bearer of-team-blue");
    assertRefused("authorization", "Bearer of-team-green");
    assertRefused("authorization", "");
    assertRefused();
  }

  @Test
  void aHeaderOfItsOwnLetsThrough() {
    save(
        """
        on_http_request:
          - expressions:
              - "!hasReqHeader('X-API-Key') || getReqHeader('X-API-Key')[0] != secrets.get('gateway', 'token')"
        """);
    assertPasses("X-API-Key", "s3cret-t0ken");
    assertRefused("x-api-key", "s3cret");
    assertRefused();
  }

  @Test
  void theSharedTokenIsNotShownToTheProvider() {
    save(
        """
        on_http_request:
          - expressions:
              - "req.headers['authorization'][0] != 'Bearer ' + secrets.get('gateway', 'token')"
        """);
    assertPasses("Authorization", "Bearer s3cret-t0ken");
    assertThat(keygate.provider.received().toString())
        .contains(RunningKeygate.OPENAI_KEY)
        .doesNotContain("s3cret-t0ken");
  }

  @Test
  void aGatewayKeyMustBeValidWhateverTheRulesSay() {
    save(
        """
        on_http_request:
          - expressions: ["req.headers['x-team'][0] != 'red'"]
        """);
    RunningKeygate.CreatedKey key = keygate.createKey();
    assertThat(chat("x-team", "red", "x-api-key", key.token()).statusCode()).isEqualTo(200);
    keygate.deleteKey(key);
    HttpResponse<String> deleted = chat("x-team", "red", "x-api-key", key.token());
    assertThat(deleted.statusCode()).isEqualTo(401);
    assertThat(deleted.headers().firstValue("x-keygate-error")).contains("ERR_NGROK_27007");
    assertThat(keygate.provider.received()).hasSize(1);
  }

  private void assertPasses(String... headers) {
    int before = keygate.provider.received().size();
    assertThat(chat(headers).statusCode()).isEqualTo(200);
    assertThat(keygate.provider.received()).hasSize(before + 1);
  }

  private void assertRefused(String... headers) {
    int before = keygate.provider.received().size();
    HttpResponse<String> refused = chat(headers);
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("who are you?");
    assertThat(keygate.provider.received()).hasSize(before);
  }

  private HttpResponse<String> chat(String... headers) {
    return keygate.gateway(
        "/v1/chat/completions", RunningKeygate.chatBody("gpt-4o", "Hello"), headers);
  }

  private void save(String rule) {
    String policy = RunningKeygate.JSON.writeValueAsString(rule + REFUSE);
    keygate.controlJson(
        "PATCH",
        "/endpoints/" + keygate.defaultEndpointId(),
        "{\"traffic_policy\":" + policy + "}");
  }
}
