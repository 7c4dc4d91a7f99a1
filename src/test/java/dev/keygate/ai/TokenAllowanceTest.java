package dev.keygate.ai;

import static dev.keygate.ai.FakeProvider.chunk;
import static dev.keygate.ai.FakeProvider.eventHead;
import static dev.keygate.ai.FakeProvider.json;
import static dev.keygate.ai.GatewayFixture.await;
import static dev.keygate.ai.GatewayFixture.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.address.CidrSet;
import dev.keygate.ai.FakeProvider.Behaviour;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.key.GatewayKey;
import dev.keygate.key.KeyLimits;
import io.vertx.core.Promise;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts for a key of which answers say too little. */
class TokenAllowanceTest {
  private static final long PER_MINUTE = 100_000;
  private static final int EVENTS = 3000;
  private static final String USED = json(200, "{\"usage\":{\"total_tokens\":7}}");

  private final GatewayFixture fixture = new GatewayFixture();

  @BeforeAll
  static void readTheTokenizer() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (InputTokens.ready() == null && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v1/chat/completions|{\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}|{\"choices\":[{\"delta\":{\"content\":\" morning\"}}]}",
        "/v1/messages|{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}}|{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\" morning\"}}",
        "/v1/responses|{\"type\":\"response.created\",\"response\":{\"tools\":[{\"parameters\":{\"default\":{\"total_tokens\":1}}}]}}|{\"type\":\"response.output_text.delta\",\"delta\":\" morning\"}"
      })
  void aStreamThatIsNotReadToItsEndCountsAsFarAsItCame(String path, String first, String next) {
    String passed = event(first) + event(next).repeat(EVENTS);
    String bytes = eventHead() + chunk(event(first)) + chunk(event(next).repeat(EVENTS));
    try (FakeProvider provider =
        new FakeProvider(new Behaviour.AnswerAndStall(bytes), new Behaviour.Answer(USED))) {
      AiGateway gateway = gateway(provider);
      Exchange exchange = streamed(path);
      Outcome outcome = await(fixture.start(gateway, exchange));
      Promise<Void> hungUp = Promise.promise();
      fixture.onEventLoop(() -> hangUpAfter(passed.length(), body(outcome), hungUp));
      await(hungUp.future());
      assertCounted(exchange, gateway);
    }
  }

  @Test
  void aStreamThatBreaksOffCountsAsFarAsItCame() {
    String events = event("{\"choices\":[{\"delta\":{\"content\":\" morning\"}}]}").repeat(EVENTS);
    Behaviour broken = new Behaviour.AnswerAndClose(eventHead() + chunk(events));
    try (FakeProvider provider = new FakeProvider(broken, new Behaviour.Answer(USED))) {
      AiGateway gateway = gateway(provider);
      GatewayFixture.Result result = fixture.run(gateway, streamed(GatewayFixture.CHAT));
      assertThat(result.broken()).isNotNull();
      assertCounted(result.exchange(), gateway);
    }
  }

  @Test
  void aStreamThatSaysNothingCountsAsLongAsItIs() {
    String events = event("{\"choices\":[{\"delta\":{\"content\":\" morning\"}}]}").repeat(EVENTS);
    Behaviour silent = new Behaviour.Answer(eventHead() + chunk(events) + "0\r\n\r\n");
    try (FakeProvider provider = new FakeProvider(silent, new Behaviour.Answer(USED))) {
      AiGateway gateway = gateway(provider);
      assertCounted(fixture.run(gateway, streamed(GatewayFixture.CHAT)).exchange(), gateway);
    }
  }

  @Test
  void whatWasReservedCountsForLittleOfAStreamAndForNoneOfIt() {
    String one = event("{\"choices\":[{\"delta\":{\"content\":\" morning\"}}]}");
    try (FakeProvider provider =
        new FakeProvider(
            new Behaviour.AnswerAndClose(eventHead() + chunk(one)),
            new Behaviour.AnswerAndStall(""),
            new Behaviour.Answer(USED))) {
      AiGateway gateway = gateway(provider);
      Exchange first = streamed(GatewayFixture.CHAT);
      fixture.run(gateway, first);
      long reserved = PER_MINUTE - remaining(first);
      Exchange second = streamed(GatewayFixture.CHAT);
      provider.whenStalled(() -> fixture.onEventLoop(second::abandon));
      await(fixture.start(gateway, second));
      Exchange third = streamed(GatewayFixture.CHAT);
      fixture.run(gateway, third);
      assertThat(reserved).isGreaterThan(512);
      assertThat(remaining(third)).isEqualTo(PER_MINUTE - 3 * reserved);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v1/messages|{\"model\":\"m\",\"max_completion_tokens\":1}|520",
        "/v1/responses|{\"model\":\"m\",\"max_tokens\":1}|520",
        "/v1/chat/completions|{\"model\":\"m\",\"max_tokens\":1}|8",
        "/v1/chat/completions|{\"model\":\"m\",\"max_tokens\":1,\"Max_Tokens\":4000}|4010",
        "/v1/chat/completions|{\"model\":\"m\",\"max_completion_tokens\":1,\"max_tokens\":4000}|4010"
      })
  void onlyWhatBoundsTheAnswerIsReservedFor(String path, String body, long about) {
    try (FakeProvider provider = new FakeProvider(new Behaviour.Answer(USED))) {
      Exchange exchange = keyed(path, body.replace("\"m\"", '"' + model(path) + '"'));
      fixture.run(gateway(provider), exchange);
      assertThat(PER_MINUTE - remaining(exchange)).isBetween(about, about + 20);
    }
  }

  private void assertCounted(Exchange exchange, AiGateway gateway) {
    TokenCount count = Objects.requireNonNull(TokenCount.of(exchange));
    assertThat(count.source()).isEqualTo(TokenCount.Source.ESTIMATED);
    assertThat(count.usage().output()).isBetween(EVENTS * 97L / 100, EVENTS * 103L / 100);
    Exchange next = streamed(GatewayFixture.CHAT);
    fixture.run(gateway, next);
    assertThat(PER_MINUTE - remaining(next)).isBetween(EVENTS * 97L / 100 + 512, EVENTS + 1000L);
  }

  private static void hangUpAfter(
      int length, ResponseBody.Streamed streamed, Promise<Void> hungUp) {
    int[] read = {0};
    streamed
        .source()
        .handler(chunk -> {
          read[0] += chunk.length();
          if (read[0] >= length) {
            streamed.cancel().run();
            hungUp.complete();
          }
        })
        .endHandler(end -> hungUp.fail("it ended"))
        .exceptionHandler(hungUp::fail)
        .resume();
  }

  private AiGateway gateway(FakeProvider provider) {
    return fixture
        .provider("openai", provider.url(), "sk-1")
        .provider("anthropic", provider.url(), "sk-2")
        .gateway();
  }

  private static Exchange streamed(String path) {
    return keyed(path, "{\"stream\":true,\"model\":\"" + model(path) + "\"}");
  }

  private static String model(String path) {
    return path.equals("/v1/messages") ? "anthropic:claude-x" : "openai:gpt-4o";
  }

  private static Exchange keyed(String path, String body) {
    Exchange exchange = post(path, body);
    exchange.key(
        new GatewayKey(
            "aigk_1",
            "ep_1",
            "",
            "",
            false,
            null,
            new KeyLimits(0, PER_MINUTE, 0, CidrSet.EMPTY, Set.of(), Set.of())));
    return exchange;
  }

  private static long remaining(Exchange exchange) {
    return exchange.answerHeaders().stream()
        .filter(header -> "x-ratelimit-remaining-tokens".contentEquals(header.name()))
        .mapToLong(header -> Long.parseLong(header.value().toString()))
        .findFirst()
        .orElseThrow();
  }

  private static ResponseBody.Streamed body(Outcome outcome) {
    return (ResponseBody.Streamed) ((Outcome.Respond) outcome).response().body();
  }

  private static String event(String data) {
    return "data: " + data + "\n\n";
  }
}
