package dev.keygate.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keygate.key.KeyLimits;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyLimitsJsonTest {

  @Test
  void everyFieldIsRead() {
    KeyLimits limits =
        KeyLimitsJson.read(
            """
            {"requests_per_minute": 60, "tokens_per_minute": 100000, "max_concurrent": 4,
             "allowed_cidrs": ["192.0.2.0/24"], "allowed_models": ["GPT-4o", "anthropic:claude"],
             "allowed_providers": ["OpenAI"]}\
            """);
    assertThat(limits.requestsPerMinute()).isEqualTo(60);
    assertThat(limits.tokensPerMinute()).isEqualTo(100_000);
    assertThat(limits.maxConcurrent()).isEqualTo(4);
    assertThat(limits.allowedModels()).containsExactlyInAnyOrder("gpt-4o", "anthropic:claude");
    assertThat(limits.allowedProviders()).containsExactly("openai");
    assertThat(limits.allowsFrom(InetAddress.ofLiteral("192.0.2.9"))).isTrue();
    assertThat(limits.allowsFrom(InetAddress.ofLiteral("192.0.3.9"))).isFalse();
  }

  @Test
  void withoutFieldsThereAreNoLimits() {
    assertThat(KeyLimitsJson.read("{}")).isSameAs(KeyLimits.NONE);
    assertThat(KeyLimits.NONE.allowsFrom(InetAddress.ofLiteral("::1"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"requests_per_minute\": 0}",
        "{\"requests_per_minute\": -1}",
        "{\"requests_per_minute\": 1.5}",
        "{\"requests_per_minute\": 3000000000}",
        "{\"max_concurrent\": \"4\"}",
        "{\"allowed_cidrs\": []}",
        "{\"allowed_cidrs\": [\"10.0.0.1/8\"]}",
        "{\"allowed_models\": \"gpt-4o\"}",
        "{\"allowed_models\": [\" \"]}",
        "{\"allowed_providers\": [1]}",
      })
  void whatIsWrongIsSaidWithItsField(String json) {
    assertThatThrownBy(() -> KeyLimitsJson.read(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(json.substring(2, json.indexOf('"', 2)) + ": ")
        .hasMessageContaining("expected");
  }
}
