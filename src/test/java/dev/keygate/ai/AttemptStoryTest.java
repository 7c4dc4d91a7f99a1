package dev.keygate.ai;

import static dev.keygate.ai.GatewayFixture.CHAT;
import static dev.keygate.ai.GatewayFixture.HELLO;
import static dev.keygate.ai.GatewayFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.keygate.ai.AttemptRecord.Verdict;
import dev.keygate.ai.CandidateRecord.Fate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AttemptStoryTest {
  private static final String LONG_KEY = "sk-proj-0123456789abcdefWXYZ";

  private final GatewayFixture fixture = new GatewayFixture();
  private final FakeProvider failing = FakeProvider.answering(500, "{\"error\":\"no\"}");
  private final FakeProvider working = FakeProvider.answering(200, "{}");

  @AfterEach
  void close() {
    fixture.close();
    failing.close();
    working.close();
  }

  private GatewayFixture.Result failedOver() {
    fixture
        .provider("openai", failing.url(), LONG_KEY, "short")
        .provider("groq", working.url(), "c");
    String body =
        "{\"model\":\"gpt-4o\",\"models\":[\"groq:m\",\"nobody-knows\",\"hyperbolic:h\"]}";
    return fixture.run(fixture.gateway(), post(CHAT + "?api_key=mine", body));
  }

  @Test
  void itHasTheDocumentedFields() {
    AttemptStory story = failedOver().story();
    assertThat(story.keySet())
        .containsExactly(
            "status",
            "client",
            "input_ngrok_tokens",
            "output_ngrok_tokens",
            "gateway_latency_ms",
            "model_selection",
            "candidates",
            "skipped",
            "models_tried",
            "success");
    JsonNode told = JsonBodies.JACKSON.valueToTree(story);
    assertThat(told.at("/status").asString()).isEqualTo("success");
    assertThat(told.at("/client/model").asString()).isEqualTo("gpt-4o");
    assertThat(told.at("/client/models/0").asString()).isEqualTo("groq:m");
    assertThat(told.at("/client/rejected_models"))
        .extracting(one -> one.path("model").stringValue(), one -> one.path("reason").stringValue())
        .contains(tuple("nobody-knows", "no provider is known to serve it"))
        .anyMatch(one -> one.toList().contains("hyperbolic:h"));
    JsonNode first = told.at("/models_tried/0");
    assertThat(first.at("/model").asString()).isEqualTo("gpt-4o");
    assertThat(first.at("/provider").asString()).isEqualTo("openai");
    assertThat(first.at("/author").asString()).isEqualTo("openai");
    assertThat(first.at("/requests_made")).hasSize(2);
    JsonNode request = first.at("/requests_made/0");
    assertThat(request.at("/status").asString()).isEqualTo("error");
    assertThat(request.at("/error").asString()).isEqualTo("openai:gpt-4o answered 500");
    assertThat(request.at("/request/url").asString())
        .isEqualTo(failing.url() + "/v1/chat/completions");
    assertThat(request.at("/response/status_code").asInt()).isEqualTo(500);
    assertThat(request.at("/response/headers/content-type/0").asString())
        .isEqualTo("application/json");
    assertThat(request.at("/response/body_on_error").asString()).isEqualTo("{\"error\":\"no\"}");
    assertThat(request.at("/upstream_latency/total_ms").isIntegralNumber()).isTrue();
    assertThat(told.at("/success/model_index").asInt()).isEqualTo(1);
    assertThat(told.at("/success/request_index").asInt()).isZero();
    assertThat(told.at("/success/provider").asString()).isEqualTo("groq");
  }

  @Test
  void aFieldIsReadByItsNameAlone() {
    AttemptStory story = failedOver().story();
    assertThat(story.get("status")).isEqualTo("success");
    assertThat(story.containsKey("error")).isFalse();
    assertThat(story.get("anything")).isNull();
  }

  @Test
  void noCredentialIsInIt() {
    GatewayFixture.Result result = failedOver();
    assertThat(result.story().toString())
        .contains("***WXYZ", "aigpk_openai1")
        .doesNotContain("sk-proj", "short", "mine", "Secret");
  }

  @Test
  void itSaysWhatBecameOfEveryCandidateAndAttempt() {
    AttemptStory story = failedOver().story();
    assertThat(story.candidates())
        .extracting(CandidateRecord::provider, CandidateRecord::model, CandidateRecord::fate)
        .containsExactly(
            tuple("openai", "gpt-4o", Fate.TRIED),
            tuple("groq", "m", Fate.TRIED),
            tuple("hyperbolic", "h", Fate.NO_PROVIDER_KEY),
            tuple("", "nobody-knows", Fate.UNKNOWN_MODEL));
    assertThat(story.attempts())
        .extracting(
            AttemptRecord::words,
            AttemptRecord::providerKeyId,
            AttemptRecord::keySource,
            AttemptRecord::verdict)
        .containsExactly(
            tuple(
                "openai:gpt-4o answered 500", "aigpk_openai0", KeySource.MANAGED, Verdict.NEXT_KEY),
            tuple(
                "openai:gpt-4o answered 500",
                "aigpk_openai1",
                KeySource.MANAGED,
                Verdict.NEXT_CANDIDATE),
            tuple("groq:m answered 200", "aigpk_groq0", KeySource.MANAGED, Verdict.SERVED));
    assertThat(story.attempts())
        .allSatisfy(attempt -> {
          assertThat(attempt.startNanos()).isPositive();
          assertThat(attempt.firstByteNanos()).isPositive();
        });
  }

  @Test
  void aRefusedRequestHasOneToo() {
    AttemptStory story = fixture.run(fixture.gateway(), post(CHAT, HELLO)).story();
    assertThat(story.get("error"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("code", "ERR_NGROK_3802");
    assertThat(story.candidates())
        .extracting(CandidateRecord::fate)
        .containsOnly(Fate.NO_PROVIDER_KEY);
    assertThat(story.attempts()).isEmpty();
    assertThat(story.get("models_tried")).isEqualTo(List.of());
  }

  @Test
  void aPromptThatIsTooLongIsToldAsWell() {
    fixture.provider("openai", working.url(), "k");
    String prompt =
        "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"one two three\"}]}";
    AttemptStory story =
        fixture.run(fixture.policy("max_input_tokens: 1\n"), post(CHAT, prompt)).story();
    assertThat(story.error())
        .extracting(refusal -> refusal.code().code())
        .isEqualTo("ERR_NGROK_3811");
    assertThat(working.received()).isEmpty();
  }

  @Test
  void whatAPolicyDoesNotAllowIsToldWithItsReason() {
    fixture.provider("openai", working.url(), "k");
    AttemptStory story =
        fixture
            .run(
                fixture.policy("only_allow_configured_providers: true\nproviders:\n- id: openai\n"),
                post(CHAT, "{\"model\":\"gpt-4o\",\"models\":[\"groq:m\"]}"))
            .story();
    assertThat(story.candidates())
        .extracting(CandidateRecord::model, CandidateRecord::fate)
        .containsExactly(tuple("gpt-4o", Fate.TRIED), tuple("m", Fate.PROVIDER_NOT_ALLOWED));
  }

  @Test
  void whatAStrategyLeftOutIsToldWithTheStrategy() {
    fixture.provider("openai", working.url(), "k").provider("groq", working.url(), "k");
    AttemptStory story =
        fixture
            .run(
                fixture.policy(
                    "model_selection:\n  strategy:\n  - ai.models.filter(m, m.provider_id == 'groq')\n"),
                post(CHAT, "{\"model\":\"gpt-4o\",\"models\":[\"groq:m\"]}"))
            .story();
    assertThat(story.candidates())
        .extracting(CandidateRecord::model, CandidateRecord::fate)
        .containsExactly(tuple("m", Fate.TRIED), tuple("gpt-4o", Fate.LEFT_OUT_BY_STRATEGY));
    JsonNode selection =
        JsonBodies.JACKSON.valueToTree(Map.of("it", story)).at("/it/model_selection/0");
    assertThat(selection.at("/strategy").asString())
        .isEqualTo("ai.models.filter(m, m.provider_id == 'groq')");
    assertThat(selection.at("/candidates_returned/0").asString()).isEqualTo("groq:m");
    assertThat(selection.at("/models_to_try/0").asString()).isEqualTo("groq:m");
  }
}
