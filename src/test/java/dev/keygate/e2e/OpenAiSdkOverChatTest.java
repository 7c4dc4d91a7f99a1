package dev.keygate.e2e;

import dev.keygate.sim.OpenAiSdkContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's own Java client, its Responses served by a provider of Chat Completions alone. */
class OpenAiSdkOverChatTest extends OpenAiSdkContract {
  private static TranslatingKeygate translating;

  @BeforeAll
  static void start(@TempDir Path dataDir) throws Exception {
    translating =
        TranslatingKeygate.start(dataDir, "openai", "openai/chat-completions", "openai/embeddings");
  }

  @AfterAll
  static void stop() {
    translating.close();
  }

  @Override
  protected String baseUrl() {
    return translating.keygate.gatewayUrl() + "/v1";
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
