package dev.keygate.ai;

import static dev.keygate.ai.GatewayFixture.CHAT;
import static dev.keygate.ai.GatewayFixture.HELLO;
import static dev.keygate.ai.GatewayFixture.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.live.ProviderKey;
import dev.keygate.secret.Secret;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyHealthTest {
  private static final ProviderKey KEY = new ProviderKey("aigpk_1", "openai", Secret.of("sk-1"));

  private final AtomicLong now = new AtomicLong();
  private final KeyHealth health = new KeyHealth(now::get);

  @ParameterizedTest
  @CsvSource({
    "401, , 60",
    "429, 7, 7",
    "429, 9999, 3600",
    "429, , 0",
    "429, 0, 0",
    "429, soon, 0",
    "429, 99999, 0",
    "403, 7, 0",
    "500, 7, 0",
    "200, 7, 0"
  })
  void aKeyRestsAsLongAsItsAnswerSays(int status, @Nullable String retryAfter, long seconds) {
    health.answered(KEY, status, retryAfter);
    assertThat(health.isUsable(KEY)).isEqualTo(seconds == 0);
    now.addAndGet(TimeUnit.SECONDS.toNanos(Math.max(1, seconds)) - 1);
    assertThat(health.isUsable(KEY)).isEqualTo(seconds == 0);
    now.addAndGet(1);
    assertThat(health.isUsable(KEY)).isTrue();
    assertThat(health.size()).isZero();
  }

  @Test
  void aChangedValueIsAnotherKey() {
    health.answered(KEY, 401, null);
    assertThat(health.restOf(KEY)).hasValue("the provider answered 401");
    assertThat(health.isUsable(new ProviderKey("aigpk_1", "openai", Secret.of("sk-2")))).isTrue();
    health.answered(KEY, 200, null);
    assertThat(health.isUsable(KEY)).isTrue();
  }

  @Test
  void aKeyThatWasRefusedIsNotTriedAgainWhileThereIsAnother() {
    try (GatewayFixture fixture = new GatewayFixture();
        FakeProvider refusing = FakeProvider.answering(401, "{\"error\":1}");
        FakeProvider working = FakeProvider.answering(200, "{}")) {
      fixture.provider("openai", refusing.url(), "sk-1").provider("groq", working.url(), "sk-2");
      AiGateway gateway = fixture.gateway();
      String both = "{\"model\":\"gpt-4o\",\"models\":[\"groq:x\"]}";
      assertThat(fixture.run(gateway, post(CHAT, both)).header("x-keygate-attempts"))
          .isEqualTo("2");
      assertThat(fixture.run(gateway, post(CHAT, both)).header("x-keygate-attempts"))
          .isEqualTo("1");
      assertThat(refusing.received()).hasSize(1);
      // Alone it is tried all the same: what this node remembers must not be what fails a request.
      fixture.run(gateway, post(CHAT, HELLO));
      assertThat(refusing.received()).hasSize(2);
    }
  }
}
