package dev.keygate.e2e;

import dev.keygate.sim.AnthropicSdkContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Anthropic's own Java client, served by a provider that speaks OpenAI's Responses. */
class AnthropicSdkOverResponsesTest extends AnthropicSdkContract {
  private static TranslatingKeygate translating;

  @BeforeAll
  static void start(@TempDir Path dataDir) throws Exception {
    translating =
        TranslatingKeygate.start(
            dataDir, "anthropic", "openai/responses", "anthropic/count-tokens");
  }

  @AfterAll
  static void stop() {
    translating.close();
  }

  @Override
  protected String baseUrl() {
    return translating.keygate.gatewayUrl();
  }

  @Override
  protected String apiKey() {
    return translating.token;
  }

  @Override
  protected String refusedApiKey() {
    return translating.revoked;
  }
}
