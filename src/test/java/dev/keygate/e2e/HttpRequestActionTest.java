package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.keygate.e2e.RunningKeygate.CreatedKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy that asks another service about each request, all of it on sockets. */
class HttpRequestActionTest {
  private static final String POLICY =
      """
      on_http_request:
        - type: http-request
          config:
            url: URL/check
            method: POST
            query_params: [{key: team, value: "${req.headers['x-team'][0]}"}]
            headers: {authorization: Bearer for-the-service}
            body: "${req.method} ${req.url.path}"
            on_error: halt
        - expressions: ["actions.ngrok.http_request.res.status_code != 200"]
          actions:
            - type: custom-response
              config: {status_code: 403, body: "the service says ${actions.ngrok.http_request.res.body}"}
        - type: ai-gateway
      """;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private RunningKeygate keygate;
  private HttpServer service;
  private CreatedKey key;

  @BeforeEach
  void start(@TempDir Path dataDir) throws IOException {
    keygate = RunningKeygate.start(dataDir);
    key = keygate.createKey();
    service = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 10);
    service.createContext(
        "/check",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          asked.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization")
                  + " "
                  + body);
          boolean isRed = exchange.getRequestURI().getQuery().contains("red");
          byte[] answer = (isRed ? "yes" : "no").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(isRed ? 200 : 403, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    service.start();
  }

  @AfterEach
  void stop() {
    service.stop(0);
    keygate.close();
  }

  @Test
  void whatTheServiceAnswersDecides() {
    save(POLICY.replace("URL", serviceUrl()));
    assertThat(chat("x-team", "red").statusCode()).isEqualTo(200);
    HttpResponse<String> refused = chat("x-team", "blue & green");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).isEqualTo("the service says no");
    assertThat(asked)
        .containsExactly(
            "POST /check?team=red Bearer for-the-service POST /v1/chat/completions",
            "POST /check?team=blue+%26+green Bearer for-the-service POST /v1/chat/completions");
    assertThat(keygate.provider.received()).hasSize(1);
  }

  @Test
  void aServiceThatIsAwayRefuses() {
    save(POLICY.replace("URL", serviceUrl()));
    service.stop(0);
    HttpResponse<String> refused = chat("x-team", "red");
    assertThat(refused.statusCode()).isEqualTo(500);
    assertThat(refused.headers().firstValue("x-keygate-error")).contains("ERR_NGROK_2201");
    assertThat(refused.body()).doesNotContain("127.0.0.1");
    assertThat(keygate.provider.received()).isEmpty();
  }

  @Test
  void theServiceOfAMetadataAddressIsNotAsked() {
    save(POLICY.replace("URL", "http://169.254.169.254"));
    assertThat(chat("x-team", "red").statusCode()).isEqualTo(500);
    assertThat(keygate.provider.received()).isEmpty();
  }

  @Test
  void aGatewayKeyIsNotSentToTheService() {
    save(
        POLICY
            .replace("URL", serviceUrl())
            .replace("Bearer for-the-service", "\"${req.headers['x-api-key'][0]}\""));
    assertThat(chat("x-team", "red").statusCode()).isEqualTo(500);
    assertThat(asked).isEmpty();
  }

  @Test
  void aPolicyThatAsksItsOwnGatewayEnds() {
    String itself =
        """
        on_http_request:
          - type: http-request
            config: {url: GATEWAY/v1/models, on_error: continue}
          - expressions: ["!hasReqHeader('x-keygate-hops')"]
            actions:
              - type: custom-response
                config: {body: "${actions.ngrok.http_request.res.status_code}"}
          - type: ai-gateway
            config: {authorization: policy}
        """;
    keygate.controlJson(
        "PATCH",
        "/endpoints/" + keygate.defaultEndpointId(),
        body(itself.replace("GATEWAY", keygate.gatewayUrl()), ",\"allow_open_relay\":true"));
    HttpResponse<String> answer = keygate.gateway("/v1/models", "{}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("200");
    // What a client says of itself only ever refuses it.
    HttpResponse<String> claimed = keygate.gateway("/v1/models", "{}", "x-keygate-hops", "9");
    assertThat(claimed.statusCode()).isEqualTo(500);
  }

  private HttpResponse<String> chat(String header, String value) {
    return keygate.gateway(
        "/v1/chat/completions",
        RunningKeygate.chatBody("gpt-4o", "Hello"),
        "x-api-key",
        key.token(),
        header,
        value);
  }

  private void save(String policy) {
    keygate.controlJson("PATCH", "/endpoints/" + keygate.defaultEndpointId(), body(policy, ""));
  }

  private static String body(String policy, String fields) {
    return "{\"traffic_policy\":" + RunningKeygate.JSON.writeValueAsString(policy) + fields + "}";
  }

  private String serviceUrl() {
    return "http://127.0.0.1:" + service.getAddress().getPort();
  }
}
