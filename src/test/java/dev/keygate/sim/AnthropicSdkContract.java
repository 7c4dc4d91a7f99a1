package dev.keygate.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.ImageBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What Anthropic's own Java client sees of a simulated provider: directly, or through whatever
 * stands before it. The model name is {@code claude-sonnet-4-5}, with faults appended.
 */
public abstract class AnthropicSdkContract {

  private static final String SAID = "This is the simulated provider. You said: Hello there";
  private static final Tool WEATHER =
      Tool.builder()
          .name("get_weather")
          .inputSchema(
              Tool.InputSchema.builder()
                  .properties(
                      Tool.InputSchema.Properties.builder()
                          .putAdditionalProperty("city", JsonValue.from(Map.of("type", "string")))
                          .build())
                  .required(List.of("city"))
                  .build())
          .build();

  private final List<AnthropicClient> clients = new ArrayList<>();

  /** Where the API is, without its {@code /v1}. Asked once per client. */
  protected abstract String baseUrl();

  /** A credential that is good there. */
  protected abstract String apiKey();

  /** A credential that is not. */
  protected String refusedApiKey() {
    return " ";
  }

  private AnthropicClient client() {
    return client(apiKey());
  }

  private AnthropicClient client(String key) {
    AnthropicClient client =
        AnthropicOkHttpClient.builder()
            .baseUrl(baseUrl())
            .apiKey(key)
            .maxRetries(0)
            .timeout(Duration.ofSeconds(20))
            .build();
    clients.add(client);
    return client;
  }

  private static MessageCreateParams.Builder message(String model) {
    return MessageCreateParams.builder().model(model).maxTokens(1000).addUserMessage("Hello there");
  }

  @AfterEach
  public void closeClients() {
    clients.forEach(AnthropicClient::close);
  }

  @Test
  public void messagesAreAnswered() {
    Message message = client().messages().create(message("claude-sonnet-4-5").build());
    assertThat(message.validate().content().getFirst().asText().text()).isEqualTo(SAID);
    assertThat(message.stopReason()).contains(StopReason.END_TURN);
    assertThat(message.usage().outputTokens()).isEqualTo(14);
  }

  @Test
  public void messagesAreStreamed() {
    Message message = accumulate(message("claude-sonnet-4-5").build());
    assertThat(message.content().getFirst().asText().text()).isEqualTo(SAID);
    assertThat(message.usage().outputTokens()).isEqualTo(14);
  }

  @Test
  public void aPictureIsSeen() {
    MessageCreateParams params =
        MessageCreateParams.builder()
            .model("claude-sonnet-4-5")
            .maxTokens(1000)
            .addUserMessageOfContentBlockParams(
                List.of(
                    ContentBlockParam.ofImage(
                        ImageBlockParam.builder()
                            .source(
                                Base64ImageSource.builder()
                                    .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                                    .data("iVBORw0KGgo=")
                                    .build())
                            .build()),
                    ContentBlockParam.ofText(TextBlockParam.builder().text("What is it?").build())))
            .build();
    String seen = "This is the simulated provider. You said: [picture of 12 characters]What is it?";
    assertThat(client().messages().create(params).content().getFirst().asText().text())
        .isEqualTo(seen);
    assertThat(accumulate(params).content().getFirst().asText().text()).isEqualTo(seen);
  }

  private Message accumulate(MessageCreateParams params) {
    MessageAccumulator accumulator = MessageAccumulator.create();
    try (StreamResponse<RawMessageStreamEvent> events =
        client().messages().createStreaming(params)) {
      events.stream().map(RawMessageStreamEvent::validate).forEach(accumulator::accumulate);
    }
    return accumulator.message();
  }

  @Test
  public void aDeclaredToolIsCalledAndItsResultIsAnswered() {
    MessageCreateParams.Builder params = message("claude-sonnet-4-5").addTool(WEATHER);
    Message asked = client().messages().create(params.build());
    assertThat(asked.stopReason()).contains(StopReason.TOOL_USE);
    var use = asked.content().getFirst().asToolUse();
    assertThat(use.name()).isEqualTo("get_weather");
    assertThat(use._input()).isEqualTo(JsonValue.from(Map.of("city", "example")));

    params.addMessage(asked);
    params.addUserMessageOfContentBlockParams(
        List.of(
            ContentBlockParam.ofToolResult(
                ToolResultBlockParam.builder().toolUseId(use.id()).content("sunny").build())));
    assertThat(client().messages().create(params.build()).content().getFirst().asText().text())
        .isEqualTo("This is the simulated provider. The tool said: sunny");
  }

  @Test
  public void aToolCallIsStreamed() {
    Message message = accumulate(message("claude-sonnet-4-5").addTool(WEATHER).build());
    assertThat(message.content().getFirst().asToolUse()._input())
        .isEqualTo(JsonValue.from(Map.of("city", "example")));
  }

  @Test
  public void anAnswerEndsAtItsTokenLimit() {
    Message message = client().messages().create(message("claude-sonnet-4-5").maxTokens(2).build());
    assertThat(message.stopReason()).contains(StopReason.MAX_TOKENS);
    assertThat(message.content().getFirst().asText().text()).isEqualTo("This is ");
  }

  @Test
  public void tokensAreCounted() {
    var params =
        MessageCountTokensParams.builder().model("claude-sonnet-4-5").addUserMessage("Hello there");
    assertThat(client().messages().countTokens(params.build()).inputTokens()).isPositive();
  }

  @Test
  public void aRefusedKeyRaisesTheClientsUnauthorizedException() {
    AnthropicClient stranger = client(refusedApiKey());
    assertThatThrownBy(() -> stranger.messages().create(message("claude-sonnet-4-5").build()))
        .isInstanceOf(UnauthorizedException.class);
  }

  @Test
  public void theProvidersErrorsRaiseTheClientsExceptions() {
    assertThatThrownBy(() -> send("claude-sonnet-4-5-sim-status-400"))
        .isInstanceOf(BadRequestException.class);
    assertThatThrownBy(() -> send("claude-sonnet-4-5-sim-status-429"))
        .isInstanceOf(RateLimitException.class);
    assertThatThrownBy(() -> send("claude-sonnet-4-5-sim-status-529"))
        .isInstanceOf(InternalServerException.class);
  }

  private Message send(String model) {
    return client().messages().create(message(model).build());
  }
}
