package dev.keygate.ai;

import static dev.keygate.ai.GatewayFixture.CHAT;
import static dev.keygate.ai.GatewayFixture.HELLO;
import static dev.keygate.ai.GatewayFixture.config;
import static dev.keygate.ai.GatewayFixture.get;
import static dev.keygate.ai.GatewayFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keygate.ai.AiGatewayConfig.OnError;
import dev.keygate.ai.ProviderConfig.KeyNeed;
import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Format;
import dev.keygate.exchange.Outcome;
import dev.keygate.key.GatewayKey;
import dev.keygate.live.ProviderKey;
import dev.keygate.policy.Authorization;
import dev.keygate.secret.Secret;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The action as a whole, with fake providers behind it. */
class AiGatewayTest {
  private static final String OK = "{\"ok\":true}";

  private final GatewayFixture fixture = new GatewayFixture();
  private final FakeProvider one = FakeProvider.answering(200, OK);
  private final FakeProvider other = FakeProvider.answering(200, OK);

  @AfterEach
  void close() {
    one.close();
    other.close();
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ \"model\" : \"openai:gpt-4o\" ,\"x\":1.0}|{ \"model\" : \"gpt-4o\" ,\"x\":1.0}",
        "{\"model\":\"GPT-4o\"}|{\"model\":\"gpt-4o\"}",
        "{\"models\":[\"o3\"], \"model\":\"gpt-4o\"}|{\"model\":\"gpt-4o\"}",
        "{\"model\":\"gpt-4o\", \"models\":[]}|{\"model\":\"gpt-4o\"}",
        "{\"a\":1,\"models\":[\"openai:o3\"]}|{\"model\":\"o3\",\"a\":1}",
        "{\"model\":\"gpt\\u002d4o\"}|{\"model\":\"gpt\\u002d4o\"}"
      })
  void theBodyIsChangedNoMoreThanNeeded(String sent, String forwarded) {
    AiGateway gateway = fixture.provider("openai", one.url(), "sk-1").gateway();
    assertThat(fixture.run(gateway, post(CHAT, sent)).status()).isEqualTo(200);
    assertThat(one.received().getFirst().body()).isEqualTo(forwarded);
  }

  @Test
  void streamOptionsReachTheProviderOrAreRefusedAsTheBodyIs() {
    AiGateway gateway = fixture.provider("openai", one.url(), "sk-1").gateway();
    String sent = "{\"model\":\"gpt-4o\",\"stream\":true,\"stream_options\":{%s}}";
    String digits = "\"a\":" + "7".repeat(1001);
    assertThat(fixture.run(gateway, post(CHAT, sent.formatted(digits))).status()).isEqualTo(200);
    assertThat(one.received().getFirst().body())
        .contains("\"stream_options\":{\"include_usage\":true," + digits + "}");
    GatewayFixture.Result refused = fixture.run(gateway, post(CHAT, sent.formatted("\"model\":1")));
    assertThat(refused.refusal().code()).isEqualTo(ErrorCode.BAD_BODY);
    assertThat(refused.refusal().message()).contains("of 'stream_options'");
  }

  @Test
  void theAnthropicSurfaceGetsTheAnthropicCredential() {
    AiGateway gateway = fixture.provider("anthropic", one.url(), "sk-ant").gateway();
    fixture.run(
        gateway, post("/v1/messages", "{\"model\":\"claude-opus-5-5\"}", "x-api-key", "ng-a-g1-b"));
    assertThat(one.received().getFirst().head())
        .startsWith("post /v1/messages http/1.1")
        .contains("x-api-key: sk-ant\r\n")
        .contains("anthropic-version: 2023-06-01\r\n")
        .doesNotContain("ng-a-g1-b")
        .doesNotContain("authorization");
  }

  @Test
  void keysAttachedToTheGatewayKeyAreUsedExclusively() {
    fixture.provider("openai", one.url(), "sk-managed");
    fixture.live.publishAttached(
        "aigk_1",
        List.of(
            new ProviderKey("aigpk_x", "groq", Secret.of("sk-groq")),
            new ProviderKey("aigpk_new", "openai", Secret.of("sk-attached"))));
    Exchange exchange = post(CHAT, HELLO);
    exchange.key(gatewayKey());
    fixture.run(fixture.gateway(), exchange);
    fixture.chat(fixture.gateway());
    assertThat(one.received().getFirst().head()).contains("bearer sk-attached\r\n");
    assertThat(one.received().get(1).head()).contains("bearer sk-managed\r\n");
    assertThat(fixture.lastUsed.drain()).containsOnlyKeys("aigpk_new", "aigpk_openai0");
  }

  @Test
  void thePolicysKeysComeBeforeManagedOnes() {
    fixture.provider("openai", one.url(), "sk-managed");
    ProviderConfig keys =
        new ProviderConfig(
            "openai", null, Set.of(), null, List.of(Secret.of("sk-byok")), List.of("X-Tenant"));
    AiGateway gateway = fixture.gateway(config(Authorization.API_KEY, keys));
    fixture.run(gateway, post(CHAT, HELLO, "x-tenant", "acme", "x-other", "no"));
    assertThat(one.received().getFirst().head())
        .contains("bearer sk-byok\r\n")
        .contains("x-tenant: acme\r\n")
        .doesNotContain("x-other");
  }

  @Test
  void aProviderThatNeedsAKeyAndHasNoneIsNotCalled() {
    AiGateway gateway = fixture.provider("openai", one.url()).gateway();
    assertThat(fixture.chat(gateway).refusal().code()).isEqualTo(ErrorCode.NO_PROVIDER_KEY);
    assertThat(one.received()).isEmpty();
  }

  @Test
  void aCustomProviderMayNeedNoKey() {
    ProviderConfig ollama = ProviderConfig.at("ollama", one.url());
    AiGateway gateway = fixture.gateway(config(Authorization.API_KEY, ollama));
    GatewayFixture.Result result =
        fixture.run(gateway, post(CHAT, "{\"model\":\"ollama:llama3:8b\"}", "authorization", "x"));
    assertThat(result.header("x-keygate-provider")).isEqualTo("ollama");
    assertThat(result.header("x-keygate-model")).isEqualTo("llama3:8b");
    assertThat(one.received().getFirst().body()).isEqualTo("{\"model\":\"llama3:8b\"}");
    assertThat(one.received().getFirst().head()).doesNotContain("authorization");
  }

  @Test
  void passthroughForwardsTheClientsCredentialAndUsesNoServerKey() {
    fixture.provider("openai", one.url(), "sk-managed").provider("groq", other.url(), "sk-groq");
    AiGateway gateway = fixture.gateway(config(Authorization.PASSTHROUGH));
    String body = "{\"model\":\"gpt-4o\",\"models\":[\"groq:x\"]}";
    fixture.run(
        gateway,
        post(CHAT, body, "authorization", "Bearer sk-client", "openai-organization", "org"));
    assertThat(one.received().getFirst().head())
        .contains("authorization: bearer sk-client\r\n")
        .contains("openai-organization: org\r\n")
        .doesNotContain("sk-managed");
    assertThat(fixture.chat(gateway).refusal().code()).isEqualTo(ErrorCode.NO_PROVIDER_KEY);
    assertThat(fixture.lastUsed.drain()).isEmpty();
  }

  @Test
  void passthroughKeepsThePasswordThatIsForTheRules() {
    fixture.provider("openai", one.url());
    AiGateway gateway = fixture.gateway(config(Authorization.PASSTHROUGH));
    String[] headers = {"authorization", "Basic YW5uOnBhc3N3b3JkLTE=", "x-api-key", "sk-client"};
    fixture.run(gateway, post(CHAT, "{\"model\":\"gpt-4o\"}", headers));
    assertThat(one.received().getFirst().head())
        .contains("x-api-key: sk-client\r\n")
        .doesNotContain("authorization");
    String hello =
        "{\"model\":\"gpt-4o\",\"max_tokens\":5,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    fixture.run(gateway, post("/v1/messages", hello, headers));
    assertThat(one.received().get(1).head())
        .startsWith("post /v1/chat/completions ")
        .contains("authorization: bearer sk-client\r\n")
        .doesNotContain("basic");
  }

  @Test
  void passthroughShowsAClientsCredentialToOneProviderAlone() {
    try (FakeProvider limited = FakeProvider.answering(401, "{\"error\":1}")) {
      fixture.provider("openai", limited.url()).provider("groq", other.url());
      AiGateway gateway = fixture.gateway(config(Authorization.PASSTHROUGH));
      String body = "{\"model\":\"gpt-4o\",\"models\":[\"groq:x\"]}";
      GatewayFixture.Result result =
          fixture.run(gateway, post(CHAT, body, "authorization", "Bearer sk-client"));
      assertThat(result.status()).isEqualTo(401);
      assertThat(result.body()).isEqualTo("{\"error\":1}");
      assertThat(other.received()).isEmpty();
    }
  }

  @Test
  void whatAProviderSaysOfTheOperatorsKeyIsNotRelayed() {
    try (FakeProvider refusing =
        FakeProvider.answering(401, "{\"error\":\"sk-ab***yz is wrong\"}")) {
      GatewayFixture.Result result =
          fixture.chat(fixture.provider("openai", refusing.url(), "sk-abcxyz").gateway());
      assertThat(result.refusal().code()).isEqualTo(ErrorCode.ALL_ATTEMPTS_FAILED);
      assertThat(result.refusal().toString()).doesNotContain("sk-");
    }
  }

  @Test
  void aRequestWithoutAModelGoesToTheFirstProviderThatHasAKey() {
    fixture.provider("google", one.url(), "g").provider("groq", other.url(), "q");
    Buffer form = Buffer.buffer("--x\r\n");
    Exchange upload =
        GatewayFixture.exchange(
            "POST", "/v1/files?purpose=batch&key=k", form, "content-type", "multipart/form-data");
    GatewayFixture.Result result = fixture.run(fixture.gateway(), upload);
    assertThat(result.header("x-keygate-provider")).isEqualTo("google");
    assertThat(result.header("x-keygate-model")).isNull();
    assertThat(one.received().getFirst().head()).startsWith("post /v1/files?purpose=batch http");
    assertThat(one.received().getFirst().body()).isEqualTo("--x\r\n");
    fixture.run(fixture.gateway(), get("/v1/batches/batch_1"));
    assertThat(one.received().get(1).head())
        .startsWith("get /v1/batches/batch_1 http")
        .doesNotContain("content-length");
    assertThat(other.received()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST|/v1/chat/completions|[]|BAD_BODY",
        "POST|/v1/chat/completions||BAD_BODY",
        "POST|/v1/images/generations|{\"model\":1}|BAD_BODY",
        "POST|/v1/chat/completions|{\"model\":\"nope\"}|NO_CANDIDATE",
        "POST|/v1/messages/count_tokens|{\"model\":\"gpt-4o\"}|NO_CANDIDATE",
        "POST|/v1/nothing|{}|UNKNOWN_PATH",
        "GET|/v1/files/../x||MALFORMED_REQUEST",
        "GET|/v1/files/%2e%2e/x||MALFORMED_REQUEST",
        "POST|/v1/models|{}|METHOD_NOT_ALLOWED",
        "CONNECT|/v1/files||METHOD_NOT_ALLOWED",
        "GET|/v1/models/nope||MODEL_NOT_FOUND"
      })
  void whatCannotBeServedIsRefused(
      String method, String path, @Nullable String body, ErrorCode code) {
    AiGateway gateway = fixture.provider("openai", one.url(), "sk-1").gateway();
    Buffer bytes = Buffer.buffer(body == null ? "" : body);
    Outcome outcome = fixture.run(gateway, GatewayFixture.exchange(method, path, bytes)).outcome();
    assertThat(((Outcome.Refuse) outcome).refusal().code()).isEqualTo(code);
    assertThat(one.received()).isEmpty();
  }

  @Test
  void aCompressedBodyIsRefusedWhereItsModelDecides() {
    AiGateway gateway = fixture.provider("openai", one.url(), "sk-1").gateway();
    Exchange exchange = post(CHAT, HELLO, "content-encoding", "gzip");
    assertThat(fixture.run(gateway, exchange).refusal().message()).contains("compressed");
  }

  @Test
  void onErrorContinueHandsTheFailureToTheNextAction() {
    try (FakeProvider failing = FakeProvider.answering(500, "{}")) {
      AiGatewayConfig config =
          new AiGatewayConfig(
              Authorization.API_KEY,
              Duration.ofSeconds(5),
              Duration.ofSeconds(5),
              OnError.CONTINUE,
              List.of());
      GatewayFixture.Result result =
          fixture.chat(fixture.provider("openai", failing.url(), "sk-1").gateway(config));
      assertThat(result.outcome()).isEqualTo(Outcome.CONTINUE);
      assertThat(result.story()).containsEntry("status", "error");
      assertThat((Map<?, ?>) result.story().get("error"))
          .extracting("code")
          .isEqualTo("ERR_NGROK_3807");
    }
  }

  @Test
  void theModelsOfProvidersWithAKeyAreListed() {
    AiGateway gateway = fixture.provider("openai", one.url(), "sk-1").gateway();
    String openai = fixture.run(gateway, get("/v1/models")).body();
    assertThat(JsonBodies.JACKSON.readTree(openai).at("/data/0/object").asString())
        .isEqualTo("model");
    assertThat(openai).contains("\"gpt-4o\"").doesNotContain("claude");
    assertThat(fixture.run(gateway, get("/v1/models/GPT-4o")).body())
        .isEqualTo(
            "{\"id\":\"gpt-4o\",\"object\":\"model\",\"created\":1715558400,\"owned_by\":\"openai\"}");
    assertThat(fixture.run(gateway, get("/v1/models/claude-opus-5-5")).refusal().code())
        .isEqualTo(ErrorCode.MODEL_NOT_FOUND);
    fixture.provider("anthropic", other.url(), "sk-ant");
    String anthropic =
        fixture.run(gateway, get("/v1/models", "anthropic-version", "2023-06-01")).body();
    assertThat(JsonBodies.JACKSON.readTree(anthropic).at("/data/0/type").asString())
        .isEqualTo("model");
    assertThat(anthropic).contains("claude-opus-5-5", "\"has_more\":false").doesNotContain("gpt");
  }

  @Test
  void aCustomProviderWithoutABaseUrlIsRefused() {
    ProviderConfig nowhere =
        new ProviderConfig(
            "mine", null, Set.of(Format.OPENAI), KeyNeed.OPTIONAL, List.of(), List.of());
    assertThatThrownBy(() -> fixture.gateway(config(Authorization.API_KEY, nowhere)))
        .hasMessage("provider 'mine' is not built in: expected a base_url");
    assertThatThrownBy(() -> ProviderTable.builtIn().movedTo(Map.of("mine", one.url())))
        .hasMessageContaining("provider 'mine': expected one of openai, anthropic");
  }

  @Test
  void connectionsAreKeptAndUsedAgain() {
    AiGateway gateway = fixture.provider("openai", one.url(), "sk-1").gateway();
    for (int i = 0; i < 5; i++) {
      assertThat(fixture.chat(gateway).body()).isEqualTo(OK);
    }
    assertThat(one.connections()).isEqualTo(1);
  }

  private static GatewayKey gatewayKey() {
    return new GatewayKey("aigk_1", "ep_1", "", "", false, null);
  }
}
