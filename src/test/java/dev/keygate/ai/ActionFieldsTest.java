package dev.keygate.ai;

import static dev.keygate.ai.GatewayFixture.CHAT;
import static dev.keygate.ai.GatewayFixture.HELLO;
import static dev.keygate.ai.GatewayFixture.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.policy.TrafficPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the fields of the action do to requests, and how they are refused when they are wrong. */
class ActionFieldsTest {
  private final GatewayFixture fixture = new GatewayFixture();
  private final FakeProvider openai = FakeProvider.answering(200, "{}");

  @BeforeEach
  void listen() {
    fixture.provider("openai", openai.url(), "sk-managed");
  }

  @AfterEach
  void close() {
    openai.close();
    fixture.close();
  }

  @Test
  void headersQueryParametersAndFieldsAreAdded() {
    TrafficPolicy policy =
        fixture.policy(
            """
            headers: {X-Request: "${req.id}", Authorization: Bearer not-this}
            query_params: {api-version: "2026 01"}
            body: {user: "${req.method}", top_p: 0.5, stop: [a]}
            """);
    fixture.run(policy, post(CHAT + "?API-Version=x&a=1", "{\"model\":\"gpt-4o\",\"Top_P\":1}"));
    FakeProvider.Received received = openai.received().getFirst();
    assertThat(received.head())
        .contains("?a=1&api-version=2026%2001 ")
        .contains("x-request: req_test\r\n")
        .contains("authorization: bearer sk-managed\r\n")
        .doesNotContain("not-this");
    assertThat(received.body())
        .isEqualTo("{\"user\":\"POST\",\"top_p\":0.5,\"stop\":[\"a\"],\"model\":\"gpt-4o\"}");
  }

  @Test
  void aGatewayKeyDoesNotLeaveWithThem() {
    TrafficPolicy policy =
        fixture.policy("headers: {x-key: \"${req.headers['authorization'][0]}\"}");
    fixture.run(policy, post(CHAT, HELLO, "authorization", "Bearer ng-a-g1-b"));
    assertThat(openai.received()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model\":\"gpt-4o\",\"max_tokens\":5}|{\"model\":\"gpt-4o\",\"max_tokens\":5}",
        "{\"model\":\"gpt-4o\",\"max_tokens\":500}|{\"model\":\"gpt-4o\",\"max_tokens\":100}",
        "{\"model\":\"gpt-4o\",\"Max_Tokens\":500}|{\"model\":\"gpt-4o\",\"Max_Tokens\":100}",
        "{\"max_tokens\":1,\"max_tokens\":500,\"model\":\"gpt-4o\"}|{\"max_tokens\":1,\"max_tokens\":100,\"model\":\"gpt-4o\"}",
        "{\"model\":\"gpt-4o\",\"max_completion_tokens\":1e9}|{\"model\":\"gpt-4o\",\"max_completion_tokens\":100}",
        "{\"model\":\"gpt-4o\",\"max_tokens\":null}|{\"model\":\"gpt-4o\",\"max_tokens\":100}",
        "{\"model\":\"gpt-4o\"}|{\"max_completion_tokens\":100,\"model\":\"gpt-4o\"}"
      })
  void anAnswerIsBounded(String sent, String forwarded) {
    fixture.run(fixture.policy("max_output_tokens: 100"), post(CHAT, sent));
    assertThat(openai.received().getFirst().body()).isEqualTo(forwarded);
  }

  @Test
  void fieldsThatProviderOrModelDoNotTakeAreLeftOut() {
    TrafficPolicy policy =
        fixture.policy(
            """
            body: {logit_bias: {}}
            providers:
            - id: openai
              supported_api_surfaces:
              - format: openai
                surface: chat-completions
                supported_params: [{name: messages}, {name: seed}, {name: stream}]
              models:
              - id: gpt-4o
                unsupported_params: [{name: seed}]
            """);
    fixture.run(
        policy, post(CHAT, "{\"a\":1,\"model\":\"GPT-4o\",\"Seed\":1,\"messages\":[],\"n\":2}"));
    assertThat(openai.received().getFirst().body())
        .isEqualTo("{\"model\":\"gpt-4o\",\"messages\":[]}");
    assertThat(fixture.run(policy, post("/v1/embeddings", "{\"model\":\"openai:e\"}")).refusal())
        .extracting("code")
        .isEqualTo(ErrorCode.NO_CANDIDATE);
  }

  @Test
  void whatReasoningModelsRefuseIsNotSentToThem() {
    fixture.run(
        fixture.policy("{}"), post(CHAT, "{\"temperature\":0.1,\"model\":\"o3\",\"seed\":1}"));
    assertThat(openai.received().getFirst().body()).isEqualTo("{\"model\":\"o3\",\"seed\":1}");
  }

  @Test
  void aPromptOfTooManyTokensIsRefused() {
    TrafficPolicy policy = fixture.policy("max_input_tokens: 100");
    String small = "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}";
    String image =
        "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:" + "ab".repeat(400) + "\"}}";
    assertThat(fixture.run(policy, post(CHAT, small.formatted("word ".repeat(80)))).status())
        .isEqualTo(200);
    assertThat(
            fixture
                .run(
                    policy,
                    post(
                        CHAT,
                        "{\"model\":\"gpt-4o\",\"messages\":[{\"content\":[" + image + "]}]}"))
                .status())
        .isEqualTo(200);
    for (int words : new int[] {101, 20_000}) {
      GatewayFixture.Result result =
          fixture.run(policy, post(CHAT, small.formatted("word ".repeat(words))));
      assertThat(result.refusal().code()).isEqualTo(ErrorCode.TOO_MANY_INPUT_TOKENS);
      assertThat(result.refusal().message()).contains("(max 100)");
    }
    assertThat(openai.received()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"messages\":[{\"content\":[{\"source\":{\"type\":\"text\",\"data\":\"%s\"}}]}]",
        "\"messages\":[{\"content\":[{\"source\":{\"data\":\"%s\",\"type\":\"text\"}}]}]",
        "\"messages\":[{\"content\":[{\"source\":{\"type\":\"base64\",\"data\":\"%s\",\"type\":\"text\"}}]}]",
        "\"messages\":[{\"content\":[{\"source\":{\"type\":\"base64\",\"data\":\"%s\",\"Type\":\"text\"}}]}]",
        "\"messages\":[{\"content\":[{\"id\":\"a\"},\"%s\"]}]",
        "\"messages\":[{\"content\":[{\"type\":\"tool_use\",\"input\":{\"id\":\"%s\"}}]}]",
        "\"Messages\":[{\"Content\":\"%s\"}]",
        "\"me\u017fsages\":[{\"content\":\"%s\"}]",
        "\"functions\":[{\"name\":\"f\",\"description\":\"%s\"}]",
        "\"functions\":[{\"parameters\":{\"properties\":{\"%s\":{}}}}]",
        "\"response_format\":{\"json_schema\":{\"schema\":{\"description\":\"%s\"}}}",
        "\"text\":{\"format\":{\"schema\":{\"default\":{\"url\":\"%s\"}}}}"
      })
  void aPromptCountsWhereverItStands(String field) {
    TrafficPolicy policy = fixture.policy("max_input_tokens: 100");
    String body = "{\"model\":\"gpt-4o\"," + field.formatted("word ".repeat(101)) + "}";
    assertThat(fixture.run(policy, post(CHAT, body)).refusal().code())
        .isEqualTo(ErrorCode.TOO_MANY_INPUT_TOKENS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"source\":{\"type\":\"base64\",\"data\":\"%s\"}}",
        "{\"source\":{\"data\":\"%s\",\"media_type\":\"image/png\",\"type\":\"base64\"}}",
        "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"%s\",\"format\":\"wav\"}}",
        "{\"type\":\"redacted_thinking\",\"data\":\"%s\"}",
        "{\"type\":\"file\",\"file\":{\"file_data\":\"%s\"}}"
      })
  void whatIsAttachedToAPromptDoesNotCount(String part) {
    TrafficPolicy policy = fixture.policy("max_input_tokens: 100");
    String content = part.formatted("Kx9z".repeat(400));
    String body = "{\"model\":\"gpt-4o\",\"messages\":[{\"content\":[" + content + "]}]}";
    assertThat(fixture.run(policy, post(CHAT, body)).status()).isEqualTo(200);
  }

  @Test
  void whiteSpaceAroundAKeyIsNoPartOfIt() {
    TrafficPolicy policy =
        fixture.policy("providers: [{id: openai, api_keys: [{value: \"sk-own\\n\"}]}]");
    assertThat(fixture.run(policy, post(CHAT, HELLO)).status()).isEqualTo(200);
    assertThat(openai.received().getFirst().head()).contains("bearer sk-own\r\n");
  }

  @Test
  void aProviderIsFoundByItsAliases() {
    TrafficPolicy policy =
        fixture.policy(
            "providers: [{id: house, id_aliases: [Home], base_url: '%s', models: [{id: m7}]}]"
                .formatted(openai.url()));
    assertThat(fixture.run(policy, post(CHAT, "{\"model\":\"HOME:m7\"}")).status()).isEqualTo(200);
    assertThat(fixture.run(policy, post(CHAT, "{\"model\":\"M7\"}")).header("x-keygate-provider"))
        .isEqualTo("house");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "max_input_tokens: 0|4:23|0: expected 1 to 500000",
        "max_output_tokens: many|4:24|the text 'many': expected a whole number",
        "max_tokens: 5|4:5|unknown field 'max_tokens'",
        "on_error: stop|4:15|expected halt or continue",
        "headers: {host: x}|4:14|host: providers are called by their own host",
        "headers: {'a b': x}|4:14|expected a header name",
        "headers: {x: \"${nope}\"}|4:21|unknown variable 'nope'",
        "body: {Model: x}|4:11|requests are routed by this field",
        "providers: [{id: x}]|4:16|'x' is not built in: expected a base_url",
        "providers: [{id: openai}, {id: OpenAI}]|4:36|provider 'OpenAI' is listed twice",
        "providers: [{id: openai, base_url: 'ftp://x'}]|4:40|ftp",
        "providers: [{id: openai, models: [{id: a}, {id: A}]}]|4:53|'A' names two models",
        "providers: [{id: openai, models: [{name: a}]}]|4:40|unknown field 'name'",
        "providers: [{id: openai, metadata: {a: \"${req.id}\"}}]|4:40|metadata takes no expressions",
        "providers: [{id: openai, api_keys: [x]}]|4:41|expected a mapping with value",
        "providers: [{id: openai, supported_api_surfaces: [{format: openai, surface: messages}]}]|4:54|messages is a surface of anthropic",
        "providers: [{id: openai, supported_api_surfaces: [{format: openai, surface: talk}]}]|4:81|expected one of chat-completions",
        "providers: [{id: openai, supported_api_surfaces: [{format: openai, supported_params: [{name: a}]}]}]|4:54|supported_params needs a surface",
        "only_allow_configured_models: maybe|4:35|expected true or false"
      })
  void whatIsWrongIsFoundWhenThePolicyIsSaved(String config, String place, String message) {
    assertThat(fixture.problems(config))
        .anySatisfy(problem -> assertThat(problem).contains(message).contains(place));
  }

  @Test
  void aKeyThatIsWrittenOutIsWarnedOfAndNotRepeated() {
    String config =
        "providers: [{id: openai, api_keys: [{value: sk-planted}, {value: \"${%s}\"}]}]"
            .formatted("secrets.get('openai', 'key')");
    assertThat(fixture.problems(config)).isEmpty();
    assertThat(fixture.warnings(config))
        .singleElement()
        .asString()
        .contains("4:49", "api_keys[0]", "audit log", "${secrets.get('vault', 'name')}")
        .doesNotContain("sk-planted");
  }
}
