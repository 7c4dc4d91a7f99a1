package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keygate.sim.ReceivedRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What goes over the wire where a client's API is not its provider's. */
class TranslatedRoutesTest {
  private static TranslatingKeygate translating;

  @BeforeAll
  static void start(@TempDir Path dataDir) throws Exception {
    translating = TranslatingKeygate.start(dataDir, "openai", "anthropic/messages");
  }

  @AfterAll
  static void stop() {
    translating.close();
  }

  @BeforeEach
  void forget() {
    translating.keygate.provider.clear();
  }

  private static HttpResponse<String> chat(String fields, String... headers) {
    String body =
        ("{'model':'gpt-4o','messages':[{'role':'user','content':'Hello'}]" + fields + "}")
            .replace('\'', '"');
    String[] all = new String[headers.length + 2];
    all[0] = "Authorization";
    all[1] = "Bearer " + translating.token;
    System.arraycopy(headers, 0, all, 2, headers.length);
    return translating.keygate.gateway("/v1/chat/completions?x=1", body, all);
  }

  private static ReceivedRequest received() {
    return translating.keygate.provider.received().getLast();
  }

  @Test
  void theProviderGetsItsOwnPathVersionAndCredential() {
    HttpResponse<String> answer = chat("", "OpenAI-Beta", "assistants=v2");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-keygate-provider")).contains("openai");
    ReceivedRequest request = received();
    assertThat(request.path()).isEqualTo("/v1/messages");
    assertThat(request.query()).isEmpty();
    assertThat(request.header("x-api-key")).contains(RunningKeygate.OPENAI_KEY);
    assertThat(request.header("anthropic-version")).contains("2023-06-01");
    assertThat(request.header("authorization")).isEmpty();
    assertThat(request.header("openai-beta")).isEmpty();
  }

  @Test
  void whatIsLeftOutIsNamedInTheAnswer() {
    assertThat(chat(",'seed':7,'logit_bias':{'1':2}").headers().firstValue("x-keygate-dropped"))
        .contains("seed, logit_bias");
    assertThat(chat("").headers().firstValue("x-keygate-dropped")).isEmpty();
  }

  @Test
  void whatCannotBeSaidIsRefusedBeforeAnyProviderIsAsked() {
    HttpResponse<String> answer = chat(",'n':3");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("n: cannot be said in the Messages API");
    assertThat(translating.keygate.provider.received()).isEmpty();
    assertThat(chat("").statusCode()).isEqualTo(200);
  }

  @Test
  void imagesReachTheProvider() {
    String image =
        ",'messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,iVBORw0KGgo='}}]}]"
            .replace('\'', '"');
    String body = "{\"model\":\"gpt-4o\"" + image + "}";
    translating.keygate.gateway(
        "/v1/chat/completions", body, "Authorization", "Bearer " + translating.token);
    JsonNode sent = RunningKeygate.JSON.readTree(received().body());
    assertThat(sent.path("messages").path(0).path("content").path(0).path("source").toString())
        .isEqualTo("{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"iVBORw0KGgo=\"}");
  }

  @Test
  void aStreamThatIsCutBreaksOffForTheClientToo() {
    assertThatThrownBy(() -> stream(translating.token, "gpt-4o-sim-cut-4"))
        .isInstanceOf(AssertionError.class)
        .hasMessage("no answer");
  }

  @Test
  void aKeyWithATokenLimitHasItsStreamsCountedAndSeesNothingOfIt() {
    HttpResponse<String> streamed = stream(limited(), "gpt-4o");
    assertThat(streamed.body()).endsWith("data: [DONE]\n\n").doesNotContain("\"usage\"");
    assertThat(received().body()).doesNotContain("stream_options");
  }

  /** Anthropic speaks Chat Completions as well. */
  @Test
  void usageThatOnlyTheGatewayAskedForIsNotShown() {
    HttpResponse<String> streamed = stream(limited(), "claude-sonnet-4-5");
    assertThat(received().path()).isEqualTo("/v1/chat/completions");
    assertThat(received().body()).contains("\"stream_options\":{\"include_usage\":true}");
    assertThat(streamed.body())
        .contains("chat.completion.chunk")
        .endsWith("data: [DONE]\n\n")
        .doesNotContain("prompt_tokens");
    translating.keygate.provider.clear();
    assertThat(chat("").statusCode()).isEqualTo(200);
  }

  private static String limited() {
    RunningKeygate keygate = translating.keygate;
    return keygate.createKey(keygate.defaultEndpointId(), "\"tokens_per_minute\":5000").token();
  }

  private static HttpResponse<String> stream(String token, String model) {
    String body =
        "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
            .formatted(model);
    return translating.keygate.gateway(
        "/v1/chat/completions", body, "Authorization", "Bearer " + token);
  }
}
