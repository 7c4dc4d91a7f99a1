package dev.keygate.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseInputImage;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseStreamEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What OpenAI's own Java client sees of a simulated provider: directly, or through whatever stands
 * before it. The model names are {@code gpt-4o} and {@code text-embedding-3-small}, with faults
 * appended.
 */
public abstract class OpenAiSdkContract {

  private static final String SAID = "This is the simulated provider. You said: Hello there";

  private static final String PICTURE = "iVBORw0KGgo=";

  private static final String SEEN =
      "This is the simulated provider. You said: [picture of 12 characters]What is it?";

  private final List<OpenAIClient> clients = new ArrayList<>();

  /** Where the API is, with its {@code /v1}. Asked once per client. */
  protected abstract String baseUrl();

  /** A credential that is good there. */
  protected abstract String apiKey();

  /** A credential that is not. */
  protected String refusedApiKey() {
    return " ";
  }

  /** A tool, its schema derived from its fields. */
  public static final class GetWeather {
    public String city = "";
    public int days;
  }

  private OpenAIClient client() {
    return client(apiKey());
  }

  private OpenAIClient client(String key) {
    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .baseUrl(baseUrl())
            .apiKey(key)
            .maxRetries(0)
            .timeout(Duration.ofSeconds(20))
            .build();
    clients.add(client);
    return client;
  }

  private static ChatCompletionCreateParams.Builder chat(String model) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage("Hello there");
  }

  @AfterEach
  public void closeClients() {
    clients.forEach(OpenAIClient::close);
  }

  @Test
  public void chatIsAnswered() {
    ChatCompletion completion = client().chat().completions().create(chat("gpt-4o").build());
    assertThat(completion.validate().choices().getFirst().message().content()).contains(SAID);
    assertThat(completion.choices().getFirst().finishReason())
        .isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
    assertThat(completion.usage().orElseThrow().totalTokens()).isPositive();
  }

  @Test
  public void chatIsStreamed() {
    ChatCompletionCreateParams params =
        chat("gpt-4o")
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .build();
    ChatCompletion completion = accumulate(client(), params);
    assertThat(completion.choices().getFirst().message().content()).contains(SAID);
    assertThat(completion.usage().orElseThrow().totalTokens()).isPositive();
  }

  @Test
  public void aPictureIsSeen() {
    ChatCompletionCreateParams params =
        ChatCompletionCreateParams.builder()
            .model("gpt-4o")
            .addUserMessageOfArrayOfContentParts(
                List.of(
                    ChatCompletionContentPart.ofImageUrl(
                        ChatCompletionContentPartImage.builder()
                            .imageUrl(
                                ChatCompletionContentPartImage.ImageUrl.builder()
                                    .url("data:image/png;base64," + PICTURE)
                                    .build())
                            .build()),
                    ChatCompletionContentPart.ofText(
                        ChatCompletionContentPartText.builder().text("What is it?").build())))
            .build();
    assertThat(
            client().chat().completions().create(params).choices().getFirst().message().content())
        .contains(SEEN);
    assertThat(accumulate(client(), params).choices().getFirst().message().content())
        .contains(SEEN);
  }

  @Test
  public void responsesSeePictures() {
    ResponseCreateParams params =
        ResponseCreateParams.builder()
            .model("gpt-4o")
            .inputOfResponse(
                List.of(
                    ResponseInputItem.ofMessage(
                        ResponseInputItem.Message.builder()
                            .role(ResponseInputItem.Message.Role.USER)
                            .addContent(
                                ResponseInputImage.builder()
                                    .detail(ResponseInputImage.Detail.AUTO)
                                    .imageUrl("data:image/png;base64," + PICTURE)
                                    .build())
                            .addInputTextContent("What is it?")
                            .build())))
            .build();
    assertThat(textOf(client().responses().create(params))).isEqualTo(SEEN);
  }

  private static ChatCompletion accumulate(OpenAIClient client, ChatCompletionCreateParams params) {
    ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> chunks =
        client.chat().completions().createStreaming(params)) {
      chunks.stream().map(ChatCompletionChunk::validate).forEach(accumulator::accumulate);
    }
    return accumulator.chatCompletion();
  }

  @Test
  public void aDeclaredToolIsCalledAndItsResultIsAnswered() {
    ChatCompletionCreateParams.Builder params = chat("gpt-4o").addTool(GetWeather.class);
    ChatCompletionMessage asked =
        client().chat().completions().create(params.build()).choices().getFirst().message();
    var call = asked.toolCalls().orElseThrow().getFirst().asFunction();
    assertThat(call.function().arguments(GetWeather.class).city).isEqualTo("example");

    params.addMessage(asked);
    params.addMessage(
        ChatCompletionToolMessageParam.builder().toolCallId(call.id()).content("sunny").build());
    ChatCompletion answered = client().chat().completions().create(params.build());
    assertThat(answered.choices().getFirst().message().content())
        .contains("This is the simulated provider. The tool said: sunny");
  }

  @Test
  public void aToolCallIsStreamed() {
    ChatCompletion completion =
        accumulate(client(), chat("gpt-4o").addTool(GetWeather.class).build());
    var call = completion.choices().getFirst().message().toolCalls().orElseThrow().getFirst();
    assertThat(call.asFunction().function().arguments(GetWeather.class).days).isEqualTo(1);
  }

  @Test
  public void structuredOutputFitsItsSchema() {
    var params = chat("gpt-4o").responseFormat(GetWeather.class).build();
    GetWeather weather =
        client()
            .chat()
            .completions()
            .create(params)
            .choices()
            .getFirst()
            .message()
            .content()
            .orElseThrow();
    assertThat(weather.city).isEqualTo("example");
  }

  @Test
  public void responsesAreAnswered() {
    Response response =
        client()
            .responses()
            .create(ResponseCreateParams.builder().model("gpt-4o").input("Hello there").build());
    assertThat(textOf(response.validate())).isEqualTo(SAID);
    assertThat(response.usage().orElseThrow().totalTokens()).isPositive();
  }

  private static String textOf(Response response) {
    return response.output().getFirst().asMessage().content().getFirst().asOutputText().text();
  }

  @Test
  public void responsesAreStreamed() {
    ResponseAccumulator accumulator = ResponseAccumulator.create();
    try (StreamResponse<ResponseStreamEvent> events =
        client()
            .responses()
            .createStreaming(
                ResponseCreateParams.builder().model("gpt-4o").input("Hello there").build())) {
      events.stream().map(ResponseStreamEvent::validate).forEach(accumulator::accumulate);
    }
    assertThat(textOf(accumulator.response())).isEqualTo(SAID);
  }

  @Test
  public void responsesCallTools() {
    var params =
        ResponseCreateParams.builder().model("gpt-4o").input("Weather?").addTool(GetWeather.class);
    Response response = client().responses().create(params.build());
    assertThat(response.output().getFirst().asFunctionCall().arguments(GetWeather.class).city)
        .isEqualTo("example");
    ResponseAccumulator accumulator = ResponseAccumulator.create();
    try (StreamResponse<ResponseStreamEvent> events =
        client().responses().createStreaming(params.build())) {
      events.stream().forEach(accumulator::accumulate);
    }
    assertThat(accumulator.response().output().getFirst().asFunctionCall().name())
        .isEqualTo(response.output().getFirst().asFunctionCall().name());
  }

  @Test
  public void embeddingsAreMade() {
    var embeddings =
        client()
            .embeddings()
            .create(
                EmbeddingCreateParams.builder()
                    .model("text-embedding-3-small")
                    .inputOfArrayOfStrings(List.of("one", "two"))
                    .dimensions(8)
                    .build());
    assertThat(embeddings.data()).hasSize(2);
    assertThat(embeddings.data().getFirst().embedding()).hasSize(8);
  }

  @Test
  public void modelsAreListed() {
    assertThat(client().models().list().data()).extracting(Model::id).isNotEmpty();
  }

  @Test
  public void aRefusedKeyRaisesTheClientsUnauthorizedException() {
    OpenAIClient stranger = client(refusedApiKey());
    assertThatThrownBy(() -> stranger.chat().completions().create(chat("gpt-4o").build()))
        .isInstanceOf(UnauthorizedException.class);
  }

  @Test
  public void theProvidersErrorsRaiseTheClientsExceptions() {
    assertThatThrownBy(
            () -> client().chat().completions().create(chat("gpt-4o-sim-status-400").build()))
        .isInstanceOf(BadRequestException.class);
    assertThatThrownBy(
            () -> client().chat().completions().create(chat("gpt-4o-sim-status-429").build()))
        .isInstanceOf(RateLimitException.class);
    assertThatThrownBy(
            () -> client().chat().completions().create(chat("gpt-4o-sim-status-500").build()))
        .isInstanceOf(InternalServerException.class);
  }

  @Test
  public void aLongStreamArrivesWhole() {
    ChatCompletion completion = accumulate(client(), chat("gpt-4o-sim-chunks-1000").build());
    assertThat(completion.choices().getFirst().message().content().orElseThrow())
        .startsWith(SAID)
        .hasSizeGreaterThan(5_000);
  }
}
