package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.UnauthorizedException;
import dev.keygate.sim.AnthropicSdkContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Anthropic's own Java client, with a gateway key and a changed base URL. */
class AnthropicSdkThroughKeygateTest extends AnthropicSdkContract {
  private static RunningKeygate keygate;
  private static String token;
  private static String revoked;

  @BeforeAll
  static void start(@TempDir Path dataDir) throws Exception {
    keygate = RunningKeygate.start(dataDir);
    token = keygate.createKey().token();
    RunningKeygate.CreatedKey deleted = keygate.createKey();
    keygate.deleteKey(deleted);
    revoked = deleted.token();
  }

  @AfterAll
  static void stop() {
    keygate.close();
  }

  @Override
  protected String baseUrl() {
    return keygate.gatewayUrl();
  }

  @Override
  protected String apiKey() {
    return token;
  }

  @Override
  protected String refusedApiKey() {
    return revoked;
  }

  /** The path is OpenAI's too; the client's version header tells them apart. */
  @Test
  void aRefusalOfTheModelListHasAnthropicsShape() {
    AnthropicClient client =
        AnthropicOkHttpClient.builder().baseUrl(baseUrl()).apiKey(revoked).maxRetries(0).build();
    assertThatThrownBy(() -> client.models().list())
        .isInstanceOfSatisfying(
            UnauthorizedException.class,
            refused -> assertThat(refused.body().toString()).contains("request_id"));
    client.close();
  }
}
