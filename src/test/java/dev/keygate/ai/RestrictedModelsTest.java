package dev.keygate.ai;

import static dev.keygate.ai.GatewayFixture.CHAT;
import static dev.keygate.ai.GatewayFixture.get;
import static dev.keygate.ai.GatewayFixture.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Refusal;
import dev.keygate.policy.TrafficPolicy;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing ever leaves the set of providers and models that a policy allows. */
class RestrictedModelsTest {
  private static final String TWO_MODELS =
      """
      only_allow_configured_models: true
      providers:
      - id: openai
        models:
        - id: gpt-4o
        - id: gpt-4o-mini
          id_aliases: [small]
        - id: o3
          disabled: true
      - id: anthropic
      """;

  private final GatewayFixture fixture = new GatewayFixture();
  private final FakeProvider openai = FakeProvider.answering(500, "{}");
  private final FakeProvider anthropic = FakeProvider.answering(200, "{}");

  @BeforeEach
  void listen() {
    fixture.provider("openai", openai.url(), "sk-1").provider("anthropic", anthropic.url(), "sk-2");
  }

  @AfterEach
  void close() {
    openai.close();
    anthropic.close();
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt-4o",
        "GPT-4O",
        "openai:gpt-4o",
        "Open-AI:Gpt-4o",
        "gpt-4-omni",
        "gpt-4o-mini",
        "small",
        "OPENAI:SMALL"
      })
  void everyFormOfAnAllowedNameWorks(String name) {
    fixture.run(fixture.policy(TWO_MODELS), chat(name));
    assertThat(openai.received()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-4.1, gpt-4.1",
    "GPT-4.1, gpt-4.1",
    "openai:gpt-4.1, gpt-4.1",
    "openai:gpt-brand-new, gpt-brand-new",
    "gpt-brand-new, gpt-brand-new",
    "o3, o3",
    "openai:O3, o3",
    "claude-opus-5-5, claude-opus-5-5",
    "anthropic:anything, anything",
    "groq:llama-3.1-8b-instant, llama-3.1-8b-instant"
  })
  void theOtherNamesAreRefusedWithTheDocumentedMessage(String name, String shown) {
    Refusal refusal = fixture.run(fixture.policy(TWO_MODELS), chat(name)).refusal();
    assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_NOT_ALLOWED);
    assertThat(refusal.code().status()).isEqualTo(403);
    assertThat(refusal.message())
        .isEqualTo("Model '" + shown + "' is not allowed by gateway configuration");
    nothingWasCalled();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"ngrok/auto\"}",
        "{\"model\":\"keygate/auto\"}",
        "{\"model\":\"Ngrok/Auto\"}",
        "{\"messages\":[]}",
        "{\"model\":\"ngrok/auto\",\"models\":[\"claude-opus-5-5\",\"gpt-4.1\"]}",
        "{\"model\":\"gpt-4o\",\"models\":[\"claude-opus-5-5\",\"gpt-4.1\",\"gpt-4o-mini\",\"o3\"]}",
        "{\"models\":[\"claude-opus-5-5\",\"gpt-4o-mini\",\"openai:gpt-4o\"]}"
      })
  void neitherAutoNorFallbacksLeaveTheSet(String body) {
    fixture.run(fixture.policy(TWO_MODELS), post(CHAT, body));
    assertThat(anthropic.received()).isEmpty();
    assertThat(openai.received())
        .extracting(FakeProvider.Received::body)
        .hasSize(2)
        .allMatch(sent -> sent.contains("\"gpt-4o\"") || sent.contains("\"gpt-4o-mini\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/responses", "/v1/images/generations", "/v1/batches", "/v1/files"})
  void whatNamesNoModelIsRefusedToo(String path) {
    Refusal refusal = fixture.run(fixture.policy(TWO_MODELS), post(path, "{}")).refusal();
    assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_NOT_ALLOWED);
    nothingWasCalled();
  }

  @Test
  void onlyConfiguredProvidersAreCalled() {
    TrafficPolicy policy =
        fixture.policy(
            """
            only_allow_configured_providers: true
            providers:
            - id: openai
            - id: google
              disabled: true
            """);
    Refusal refusal = fixture.run(policy, chat("claude-opus-5-5")).refusal();
    assertThat(refusal.code()).isEqualTo(ErrorCode.PROVIDER_NOT_ALLOWED);
    assertThat(refusal.message())
        .isEqualTo("Provider 'anthropic' is not allowed by gateway configuration");
    assertThat(fixture.run(policy, chat("google:gemini-2.5-pro")).refusal().code())
        .isEqualTo(ErrorCode.PROVIDER_NOT_ALLOWED);
    nothingWasCalled();
    fixture.run(
        policy, post(CHAT, "{\"model\":\"openai:gpt-new\",\"models\":[\"claude-opus-5\"]}"));
    fixture.run(policy, get("/v1/files"));
    assertThat(openai.received()).hasSize(2);
    assertThat(anthropic.received()).isEmpty();
  }

  @Test
  void aDisabledProviderIsNotCalledThoughItIsAlone() {
    TrafficPolicy policy = fixture.policy("providers: [{id: openai, disabled: true}]");
    assertThat(fixture.run(policy, chat("gpt-4o")).refusal().code())
        .isEqualTo(ErrorCode.PROVIDER_NOT_ALLOWED);
    nothingWasCalled();
  }

  @Test
  void theListOfModelsShowsTheSetAndNothingElse() {
    String list = fixture.run(fixture.policy(TWO_MODELS), get("/v1/models")).body();
    assertThat(list).contains("\"gpt-4o\"", "\"gpt-4o-mini\"").doesNotContain("claude", "\"o3\"");
    assertThat(fixture.run(fixture.policy(TWO_MODELS), get("/v1/models/small")).body())
        .contains("\"gpt-4o-mini\"");
    assertThat(fixture.run(fixture.policy(TWO_MODELS), get("/v1/models/o3")).refusal().code())
        .isEqualTo(ErrorCode.MODEL_NOT_FOUND);
  }

  private void nothingWasCalled() {
    assertThat(Stream.of(openai, anthropic).map(FakeProvider::received)).allMatch(List::isEmpty);
  }

  private static Exchange chat(String model) {
    return post(CHAT, "{\"model\":\"" + model + "\"}");
  }
}
