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

/** Endpoints without gateway keys that are protected by a rate limit or by addresses. */
class LimitedEndpointsTest {
  private RunningKeygate keygate;

  @BeforeEach
  void start(@TempDir Path dataDir) throws IOException {
    keygate = RunningKeygate.start(dataDir);
    keygate.secrets("gateway", Map.of("red", "of-team-red", "blue", "of-team-blue"));
  }

  @AfterEach
  void stop() {
    keygate.close();
  }

  @Test
  void eachTokenHasItsOwnRateLimit() {
    save(
        """
        on_http_request:
          - expressions:
              - "req.headers['authorization'][0] != 'Bearer ' + secrets.get('gateway', 'red')"
              - "req.headers['authorization'][0] != 'Bearer ' + secrets.get('gateway', 'blue')"
            actions: [{type: deny, config: {status_code: 401}}]
          - actions:
              - type: rate-limit
                config:
                  name: by-token
                  algorithm: sliding_window
                  rate: 3/min
                  bucket_key: ["req.headers['authorization']"]
              - type: ai-gateway
                config: {authorization: policy}
        """);
    for (int request = 0; request < 3; request++) {
      assertThat(chat("Authorization", "Bearer of-team-red").statusCode()).isEqualTo(200);
    }
    HttpResponse<String> limited = chat("Authorization", "Bearer of-team-red");
    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.headers().firstValue("retry-after")).isPresent();
    assertThat(chat("Authorization", "Bearer of-team-blue").statusCode()).isEqualTo(200);
    assertThat(chat("Authorization", "Bearer of-team-green").statusCode()).isEqualTo(401);
    assertThat(keygate.provider.received()).hasSize(4);
  }

  @Test
  void onlyTheAddressesThatAreAllowedPass() {
    String policy =
        """
        on_http_request:
          - type: restrict-ips
            config: {enforce: true, allow: [CIDR]}
          - type: ai-gateway
            config: {authorization: policy}
        """;
    save(policy.replace("CIDR", "127.0.0.0/8"));
    assertThat(chat("x-any", "1").statusCode()).isEqualTo(200);
    save(policy.replace("CIDR", "203.0.113.0/24"));
    assertThat(chat("x-forwarded-for", "203.0.113.7").statusCode()).isEqualTo(403);
    assertThat(keygate.provider.received()).hasSize(1);
  }

  private HttpResponse<String> chat(String... headers) {
    return keygate.gateway(
        "/v1/chat/completions", RunningKeygate.chatBody("gpt-4o", "Hello"), headers);
  }

  private void save(String policy) {
    String text = RunningKeygate.JSON.writeValueAsString(policy);
    keygate.controlJson(
        "PATCH", "/endpoints/" + keygate.defaultEndpointId(), "{\"traffic_policy\":" + text + "}");
  }
}
