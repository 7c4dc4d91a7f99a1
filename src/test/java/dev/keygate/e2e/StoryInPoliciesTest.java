package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Rules after {@code ai-gateway} read what it did, under {@code actions.ngrok.ai_gateway}. */
class StoryInPoliciesTest {
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
  void theWholeStoryCanBeAnsweredAndHoldsNoCredential() {
    save(
        """
        on_http_request:
          - actions:
              - {type: ai-gateway, config: {on_error: continue}}
          - expressions:
              - actions.ngrok.ai_gateway.models_tried[0].requests_made[0].response.status_code == 503
              - actions.ngrok.ai_gateway.error.code == 'ERR_NGROK_3807'
            actions:
              - type: custom-response
                config:
                  status_code: 503
                  headers: {content-type: application/json}
                  body: ${actions.ngrok.ai_gateway}
        """);
    HttpResponse<String> answer = chat("openai:sim-status-503");
    assertThat(answer.statusCode()).isEqualTo(503);
    JsonNode story = RunningKeygate.JSON.readTree(answer.body());
    assertThat(story.at("/status").asString()).isEqualTo("error");
    assertThat(story.at("/client/api_key_hash").asString()).startsWith("aigk_");
    assertThat(story.at("/candidates/0/fate").asString()).isEqualTo("tried");
    assertThat(story.at("/models_tried/0/requests_made/0/verdict").asString())
        .isEqualTo("exhausted");
    assertThat(answer.body())
        .doesNotContain(RunningKeygate.OPENAI_KEY.substring(0, 20))
        .doesNotContain("-g1-");
  }

  @Test
  void anAnswersHeadersCanSayWhoGaveIt() {
    save(
        """
        on_http_request:
          - {type: ai-gateway}
        on_http_response:
          - type: add-headers
            config:
              headers:
                x-served-by: ${actions.ngrok.ai_gateway.success.provider} ${actions.ngrok.ai_gateway.success.model}
        """);
    assertThat(chat("gpt-4o").headers().firstValue("x-served-by")).contains("openai gpt-4o");
  }

  private void save(String policy) {
    String body = "{\"traffic_policy\": " + RunningKeygate.JSON.writeValueAsString(policy) + "}";
    keygate.controlJson("PATCH", "/endpoints/" + keygate.defaultEndpointId(), body);
  }

  private HttpResponse<String> chat(String model) {
    return keygate.gateway(
        "/v1/chat/completions",
        RunningKeygate.chatBody(model, "Hello"),
        "authorization",
        "Bearer " + keygate.createKey().token());
  }
}
