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
          "messages",
          "input",
          "prompt",
          "suffix",
          "prediction",
          "system",
          "instructions",
          "tools",
          "functions",
          "response_format",
          "text",
          "output_format",
          "output_config",
          "documents",
          "query",
          "chat_template",
          "chat_template_kwargs");

  /** What holds attachments, addresses and names, not text for the model. */
  private static final Set<String> NO_TEXT =
      Set.of(
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

  /** The types of what has an attachment for its {@code data}; in others that may be text. */
  private static final Set<String> ATTACHED = Set.of("base64", "input_audio", "redacted_thinking");

  /** Within a prompt, what holds names of the client's own: models read all of it. */
  private static final Set<String> OWN_NAMES =
      Set.of("parameters", "input_schema", "schema", "input");

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
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body.getBytes())) {
      return new Counting(parser, most).all();
    } catch (JacksonException malformed) {
      // The scan took it for JSON; a body that two readers see differently is no small one.
      return most + 1;
    }
  }

  /**
   * The count of one body. Servers that read names without regard to case are thought of: the names
   * of what is left out are taken exactly, all others are not.
   */
  private final class Counting {
    private final JsonParser parser;
    private final long most;
    private long tokens;

    Counting(JsonParser parser, long most) {
      this.parser = parser;
      this.most = most;
    }

    long all() {
      while (tokens <= most && parser.nextToken() == JsonToken.START_OBJECT) {
        while (isMember()) {
          String name = BodyChanges.folded(parser.currentName());
          parser.nextToken();
          if (PROMPTS.contains(name)) {
            value(name);
          } else {
            parser.skipChildren();
          }
        }
      }
      return tokens;
    }

    private boolean isMember() {
      return tokens <= most && parser.nextToken() == JsonToken.PROPERTY_NAME;
    }

    private void value(String name) {
      switch (parser.currentToken()) {
        case START_OBJECT -> object(name);
        case START_ARRAY -> {
          while (tokens <= most && parser.nextToken() != JsonToken.END_ARRAY) {
            value(name);
          }
        }
        case VALUE_STRING -> {
          if (!NO_TEXT.contains(name)) {
            add(parser.getString());
          }
        }
        // A prompt may be given in tokens: each number is one.
        case VALUE_NUMBER_INT -> tokens += name.equals("input") || name.equals("prompt") ? 1 : 0;
        default -> {}
      }
    }

    private void object(String name) {
      boolean isAttached = name.equals("input_audio");
      boolean isTyped = false;
      String data = "";
      while (isMember()) {
        String member = parser.currentName();
        String folded = BodyChanges.folded(member);
        boolean isText = parser.nextToken() == JsonToken.VALUE_STRING;
        if (isText && folded.equals("type")) {
          boolean attaches = ATTACHED.contains(parser.getString());
          // Of two types some servers take the first, others the last.
          tokens += isTyped && attaches != isAttached ? most + 1 : 0;
          isTyped = true;
          isAttached = attaches;
        } else if (isText && member.equals("data")) {
          // The type may come after it.
          add(data);
          data = isAttached ? "" : parser.getString();
        } else if (OWN_NAMES.contains(folded)) {
          everything();
        } else {
          value(member);
        }
      }
      if (!isAttached) {
        add(data);
      }
    }

    /** Counts the value that begins here with all the names in it. */
    private void everything() {
      int depth = 0;
      do {
        switch (parser.currentToken()) {
          case START_OBJECT, START_ARRAY -> depth++;
          case END_OBJECT, END_ARRAY -> depth--;
          case PROPERTY_NAME, VALUE_STRING -> add(parser.getString());
          default -> {}
        }
      } while (depth > 0 && tokens <= most && parser.nextToken() != null);
    }

    private void add(String text) {
      tokens += encoding.countTokensOrdinary(text);
    }
  }
}
