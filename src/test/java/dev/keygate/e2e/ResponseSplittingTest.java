package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a request brings cannot become a header of its own, in an answer or at a provider. */
class ResponseSplittingTest {
  private static final String ECHO =
      """
      on_http_request:
        - expressions: ["req.url.path == '/header'"]
          actions:
            - type: custom-response
              config: {headers: {x-echo: "${getQueryParam('q')[0]}"}, body: "${getQueryParam('q')[0]}"}
        - expressions: ["req.url.path == '/redirect'"]
          actions:
            - type: redirect
              config: {to: "https://example.com/${getQueryParam('q')[0]}"}
        - type: add-headers
          config: {headers: {openai-beta: "${getQueryParam('q')[0]}"}}
        - type: ai-gateway
          config: {authorization: policy}
      """;

  /** Line breaks, and characters whose low bytes are line breaks. */
  private static final String[] BREAKS = {"%0d%0a", "%0a", "%0d", "%00", "%7f"};

  private static final String WIDE = "%C4%8D%C4%8A";

  private RunningKeygate keygate;

  @BeforeEach
  void start(@TempDir Path dataDir) throws IOException {
    keygate = RunningKeygate.start(dataDir);
    String policy = RunningKeygate.JSON.writeValueAsString(ECHO);
    keygate.controlJson(
        "PATCH",
        "/endpoints/" + keygate.defaultEndpointId(),
        "{\"allow_open_relay\":true,\"traffic_policy\":" + policy + "}");
  }

  @AfterEach
  void stop() {
    keygate.close();
  }

  @Test
  void aLineBreakInAHeaderOfAnAnswerRefuses() {
    for (String line : BREAKS) {
      HttpResponse<String> answer = ask("/header", "a" + line + "x-injected:%201");
      assertThat(answer.statusCode()).as(line).isEqualTo(500);
      assertNothingInjected(answer);
    }
    assertNothingInjected(ask("/header", "a" + WIDE + "x-injected:%201"));
  }

  @Test
  void aLineBreakInARedirectIsEscaped() {
    for (String line : BREAKS) {
      HttpResponse<String> answer = ask("/redirect", "a" + line + "x-injected:%201");
      assertThat(answer.statusCode()).as(line).isEqualTo(302);
      assertThat(answer.headers().firstValue("location").orElse(""))
          .startsWith("https://example.com/a%");
      assertNothingInjected(answer);
    }
    assertNothingInjected(ask("/redirect", "a" + WIDE + "x-injected:%201"));
  }

  @Test
  void aLineBreakDoesNotReachAProvider() {
    for (String line : BREAKS) {
      assertThat(ask("/v1/chat/completions", "a" + line + "x-injected:%201").statusCode())
          .as(line)
          .isEqualTo(500);
    }
    assertThat(keygate.provider.received()).isEmpty();
    ask("/v1/chat/completions", "a" + WIDE + "x-injected:%201");
    assertThat(keygate.provider.received().toString()).doesNotContain("\"x-injected\"");
  }

  @Test
  void whatARequestBringsIsNotTakenForAPage() {
    HttpResponse<String> answer = ask("/header", "%3Cscript%3E");
    assertThat(answer.body()).isEqualTo("<script>");
    assertThat(answer.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
  }

  private static void assertNothingInjected(HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("x-injected")).isEmpty();
  }

  private HttpResponse<String> ask(String path, String query) {
    return keygate.gateway(path + "?q=" + query, RunningKeygate.chatBody("gpt-4o", "Hello"));
  }
}
