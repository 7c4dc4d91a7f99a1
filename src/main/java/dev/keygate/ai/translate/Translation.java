package dev.keygate.ai.translate;

import dev.keygate.ai.translate.Conversation.Streaming;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * One request translated for a provider, and with it how the answer is translated back. Immutable;
 * nothing of the request's content is kept but the body to send.
 */
public final class Translation {
  /** The response header that names what was left out. */
  public static final String DROPPED_HEADER = Dropped.HEADER;

  private final Dialect client;
  private final Dialect provider;
  private final Streaming streaming;
  private final byte[] body;
  private final List<String> dropped;

  private Translation(
      Dialect client, Dialect provider, Streaming streaming, byte[] body, Dropped dropped) {
    this.client = client;
    this.provider = provider;
    this.streaming = streaming;
    this.body = body;
    this.dropped = List.copyOf(dropped.names());
  }

  /**
   * Translates a request.
   *
   * @param client what the client speaks
   * @param provider what the provider speaks; another
   * @param body a JSON object
   * @throws UntranslatableException if the client asks for what the other API cannot say
   */
  public static Translation of(Dialect client, Dialect provider, byte[] body, Target target)
      throws UntranslatableException {
    ObjectNode request = Json.object(body, "request");
    Dropped dropped = new Dropped();
    FieldTable.check(request, client, provider, dropped);
    Conversation conversation = read(request, client, dropped);
    ObjectNode translated = write(conversation, provider, target, dropped);
    return new Translation(
        client, provider, conversation.settings().streaming(), Json.bytes(translated), dropped);
  }

  private static Conversation read(ObjectNode request, Dialect from, Dropped dropped)
      throws UntranslatableException {
    return switch (from) {
      case CHAT -> ChatRequestReader.read(request, dropped);
      case MESSAGES -> MessagesRequestReader.read(request, dropped);
      case RESPONSES -> ResponsesRequestReader.read(request, dropped);
    };
  }

  private static ObjectNode write(
      Conversation conversation, Dialect to, Target target, Dropped dropped)
      throws UntranslatableException {
    return switch (to) {
      case CHAT -> ChatRequestWriter.write(conversation, target);
      case MESSAGES -> MessagesRequestWriter.write(conversation, target, dropped);
      case RESPONSES -> ResponsesRequestWriter.write(conversation, target);
    };
  }

  public Dialect provider() {
    return provider;
  }

  /** The request as the provider gets it. */
  public byte[] body() {
    return body.clone();
  }

  /** The names of what was left out; fit for a header field. */
  public List<String> dropped() {
    return dropped;
  }

  /** Whether the client asked for its answer as a stream. */
  public boolean isStreamed() {
    return streaming.isOn();
  }

  /**
   * An answer of success, which was not streamed.
   *
   * @param unixSeconds when it was made, which only some APIs say
   * @throws UntranslatableException if it is none of the provider's API
   */
  public Answer answer(byte[] answer, long unixSeconds) throws UntranslatableException {
    ObjectNode body = Json.object(answer, "answer");
    Reply reply =
        switch (provider) {
          case CHAT -> ChatReplies.read(body);
          case MESSAGES -> MessagesReplies.read(body);
          case RESPONSES -> ResponsesReplies.read(body);
        };
    ObjectNode translated =
        switch (client) {
          case CHAT -> ChatReplies.write(reply, unixSeconds);
          case MESSAGES -> MessagesReplies.write(reply);
          case RESPONSES -> ResponsesReplies.write(reply, unixSeconds);
        };
    return new Answer(Json.bytes(translated), reply.usage());
  }

  /** An answer as the client gets it. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  public record Answer(byte[] body, TokenUsage usage) {}

  /** A streamed answer of success. */
  public StreamTranslation stream(long unixSeconds) {
    return new StreamTranslation(
        provider,
        switch (client) {
          case CHAT -> new ChatStreamWriter(streaming, unixSeconds);
          case MESSAGES -> new MessagesStreamWriter();
          case RESPONSES -> new ResponsesStreamWriter(unixSeconds);
        });
  }

  /** The status that goes with an error of this one in the client's API. */
  public int errorStatus(int status) {
    // Only Anthropic's clients know what 529 is: the provider has too much to do.
    return status == 529 && client != Dialect.MESSAGES ? 503 : status;
  }

  /** An error's body, whatever it looked like, in the client's shape. */
  public byte[] error(int status, byte[] answer) {
    return Json.bytes(ProviderError.read(answer).write(client, errorStatus(status)));
  }
}
