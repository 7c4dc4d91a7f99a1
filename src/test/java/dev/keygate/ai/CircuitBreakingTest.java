package dev.keygate.ai;

import static dev.keygate.ai.GatewayFixture.CHAT;
import static dev.keygate.ai.GatewayFixture.HELLO;
import static dev.keygate.ai.GatewayFixture.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.ai.CandidateRecord.Fate;
import dev.keygate.ai.FakeProvider.Behaviour;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a provider did to one request spares the next (SPEC.md section 9). */
class CircuitBreakingTest {
  private static final String BOTH = "{\"model\":\"gpt-4o\",\"models\":[\"groq:x\"]}";
  private static final Duration PER_REQUEST = Duration.ofSeconds(20);

  private final GatewayFixture fixture = new GatewayFixture();
  private final FakeProvider working = FakeProvider.answering(200, "{}");

  @AfterEach
  void close() {
    fixture.close();
    working.close();
  }

  @Test
  void aHangingProviderCostsItsTimeLimitOnceThenItIsSkippedUntilAProbeIsAnswered() {
    try (FakeProvider hanging =
        new FakeProvider(
                new Behaviour.AnswerAndStall(""),
                new Behaviour.Answer(FakeProvider.json(200, "{}")))
            .whenStalled(() -> fixture.pass(PER_REQUEST))) {
      AiGateway gateway = between(hanging, working);
      assertThat(attempts(gateway)).isEqualTo("2");
      for (int i = 0; i < 5; i++) {
        assertThat(attempts(gateway)).isEqualTo("1");
      }
      assertThat(hanging.received()).hasSize(1);
      fixture.pass(PER_REQUEST);
      GatewayFixture.Result probe = fixture.run(gateway, post(CHAT, BOTH));
      assertThat(probe.header("x-keygate-provider")).isEqualTo("openai");
      assertThat(fixture.run(gateway, post(CHAT, BOTH)).header("x-keygate-provider"))
          .isEqualTo("openai");
    }
  }

  @Test
  void theStoryAndAMetricSayThatAndWhyAKeyWasSkipped() {
    try (FakeProvider hanging =
        new FakeProvider(new Behaviour.AnswerAndStall(""))
            .whenStalled(() -> fixture.pass(PER_REQUEST))) {
      AiGateway gateway = between(hanging, working);
      fixture.run(gateway, post(CHAT, BOTH));
      AttemptStory story = fixture.run(gateway, post(CHAT, BOTH)).story();
      assertThat(story.skips())
          .singleElement()
          .satisfies(skip -> {
            assertThat(skip.provider()).isEqualTo("openai");
            assertThat(skip.model()).isEqualTo("gpt-4o");
            assertThat(skip.providerKeyId()).isEqualTo("aigpk_openai0");
            assertThat(skip.reason()).isEqualTo("the provider did not answer in time");
            assertThat(skip.restMillis()).isBetween(1L, 30_000L);
          });
      assertThat(story.candidates())
          .extracting(CandidateRecord::fate)
          .containsExactly(Fate.SKIPPED, Fate.TRIED);
      assertThat(fixture.metrics.scrape())
          .contains("keygate_provider_key_skips_total{reason=\"silent\"} 1.0");
    }
  }

  @Test
  void aProviderThatFailsAgainAndAgainIsSkipped() {
    try (FakeProvider failing = FakeProvider.answering(503, "{}")) {
      AiGateway gateway = between(failing, working);
      IntStream.range(0, 3 * KeyState.MOST_FAILURES)
          .forEach(i -> fixture.run(gateway, post(CHAT, BOTH)));
      assertThat(failing.received()).hasSize(KeyState.MOST_FAILURES);
    }
  }

  @Test
  void failingOverFromADeadProviderCostsLessThanTwoMillisecondsBeyondTheConnectFailure() {
    fixture
        .provider("openai", FakeProvider.nowhere(), "sk-1")
        .provider("groq", working.url(), "sk-2");
    long[] costs =
        IntStream.range(0, 41)
            .mapToLong(i -> {
              // Another gateway remembers no failures, and skips nobody.
              AttemptStory story = fixture.run(fixture.gateway(), post(CHAT, BOTH)).story();
              AttemptRecord failed = story.attempts().getFirst();
              return story.attempts().getLast().startNanos()
                  - failed.startNanos()
                  - failed.firstByteNanos();
            })
            .sorted()
            .toArray();
    assertThat(costs[costs.length / 2]).isBetween(0L, TimeUnit.MILLISECONDS.toNanos(2));
  }

  @Test
  void aKeyThatWasRefusedIsNotTriedAgainWhileThereIsAnother() {
    try (FakeProvider refusing = FakeProvider.answering(401, "{\"error\":1}")) {
      AiGateway gateway = between(refusing, working);
      assertThat(attempts(gateway)).isEqualTo("2");
      assertThat(attempts(gateway)).isEqualTo("1");
      assertThat(refusing.received()).hasSize(1);
      // Alone it is tried all the same: what this node remembers must not be what fails a request.
      fixture.run(gateway, post(CHAT, HELLO));
      assertThat(refusing.received()).hasSize(2);
    }
  }

  @Test
  void whenAllRestTheOneIsTriedFirstWhoseRestEndsFirst() {
    try (FakeProvider longer = pausing(50);
        FakeProvider shorter = pausing(20)) {
      AiGateway gateway = between(longer, shorter);
      fixture.run(gateway, post(CHAT, BOTH));
      AttemptStory story = fixture.run(gateway, post(CHAT, BOTH)).story();
      assertThat(story.attempts())
          .extracting(AttemptRecord::provider)
          .containsExactly("groq", "openai");
      assertThat(story.skips()).hasSize(2);
    }
  }

  @Test
  void whatIsSkippedIsNotALastResortAfterAnAnswer() {
    try (FakeProvider hanging =
            new FakeProvider(new Behaviour.AnswerAndStall(""))
                .whenStalled(() -> fixture.pass(PER_REQUEST));
        FakeProvider strict = FakeProvider.answering(400, "{\"error\":\"bad\"}")) {
      AiGateway gateway = between(hanging, strict);
      fixture.run(gateway, post(CHAT, BOTH));
      GatewayFixture.Result second = fixture.run(gateway, post(CHAT, BOTH));
      assertThat(second.status()).isEqualTo(400);
      assertThat(hanging.received()).hasSize(1);
    }
  }

  private AiGateway between(FakeProvider first, FakeProvider second) {
    return fixture
        .provider("openai", first.url(), "sk-1")
        .provider("groq", second.url(), "sk-2")
        .gateway(GatewayFixture.config(PER_REQUEST, Duration.ofDays(1)));
  }

  private @Nullable String attempts(AiGateway gateway) {
    return fixture.run(gateway, post(CHAT, BOTH)).header("x-keygate-attempts");
  }

  private static FakeProvider pausing(int seconds) {
    return new FakeProvider(
        new Behaviour.Answer(
            FakeProvider.json(429, "{}")
                .replace("\r\n\r\n", "\r\nRetry-After: " + seconds + "\r\n\r\n")));
  }
}
