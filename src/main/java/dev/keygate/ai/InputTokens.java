package dev.keygate.ai;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import dev.keygate.exchange.Surface;
import io.vertx.core.buffer.Buffer;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Estimates how many tokens a prompt has, where a limit needs to know before a provider is asked:
 * the texts of the body in the tokens of OpenAI's newer models, with nothing for pictures and other
 * attachments. Other vendors' counts differ by some percent. Safe for use from any thread.
 */
final class InputTokens {
  /** Bodies of more bytes are not counted on an event loop, which they would hold up. */
  static final int LONG = 32 * 1024;

  /** Where prompts stand at the top level of the surfaces' bodies. */
  private static final Set<String> PROMPTS =
      Set.of(
          "messages", "input", "prompt", "system", "instructions", "tools", "documents", "query");

  /** What holds attachments, addresses and names, not text for the model. */
  private static final Set<String> NO_TEXT =
      Set.of(
          "data",
          "url",
          "image_url",
          "file_data",
          "file_id",
          "signature",
          "encrypted_content",
          "type",
          "role",
          "id",
          "tool_call_id",
          "tool_use_id",
          "call_id",
          "media_type");

  private static final JsonFactory JSON = new JsonFactory();

  private static final AtomicBoolean ASKED = new AtomicBoolean();
  private static final CompletableFuture<@Nullable InputTokens> READING = new CompletableFuture<>();

  private final Encoding encoding =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);

  private InputTokens() {}

  /** The one of this process; made, with its tables of some megabytes, when first asked for. */
  static InputTokens shared() {
    return Made.ONE;
  }

  /**
   * The same without waiting, for event loops: null until its tables have been read, which begins
   * when first asked for.
   */
  static @Nullable InputTokens ready() {
    if (!READING.isDone() && ASKED.compareAndSet(false, true)) {
      Thread.ofVirtual().name("tokenizer").start(() -> READING.complete(shared()));
    }
    return READING.getNow(null);
  }

  /** How many tokens a text has. */
  int count(String text) {
    return encoding.countTokensOrdinary(text);
  }

  /** Made when first used. */
  private static final class Made {
    private static final InputTokens ONE = new InputTokens();

    private Made() {}
  }

  /** Whether requests on the surface have a prompt. */
  static boolean hasPrompt(Surface surface) {
    return switch (surface) {
      case CHAT_COMPLETIONS, RESPONSES, COMPLETIONS, MESSAGES, COUNT_TOKENS -> true;
      case EMBEDDINGS, MODERATIONS, RERANK -> true;
      case IMAGES, AUDIO, FILES, BATCHES, MODELS -> false;
    };
  }

  /**
   * How many tokens the prompt has; when it has more than {@code most}, some number above that.
   *
   * @param body JSON that was found well-formed
   */
  long count(Buffer body, long most) {
    long tokens = 0;
    int depth = 0;
    boolean isPrompt = false;
    @Nullable String name = null;
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body.getBytes())) {
      for (JsonToken token = parser.nextToken();
          token != null && tokens <= most;
          token = parser.nextToken()) {
        switch (token) {
          case START_OBJECT, START_ARRAY -> depth++;
          case END_OBJECT, END_ARRAY -> depth--;
          case PROPERTY_NAME -> {
            name = parser.currentName();
            isPrompt = depth == 1 ? PROMPTS.contains(name) : isPrompt;
          }
          case VALUE_STRING -> {
            if (isPrompt && (name == null || !NO_TEXT.contains(name))) {
              tokens += encoding.countTokensOrdinary(parser.getString());
            }
          }
          // A prompt may be given in tokens: each number is one.
          case VALUE_NUMBER_INT -> tokens += isPrompt && isTokens(name) ? 1 : 0;
          default -> {}
        }
      }
    } catch (JacksonException malformed) {
      // The scan took it for JSON; a body that two readers see differently is no small one.
      return most + 1;
    }
    return tokens;
  }

  private static boolean isTokens(@Nullable String name) {
    return "input".equals(name) || "prompt".equals(name);
  }
}
