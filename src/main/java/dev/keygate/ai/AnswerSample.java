package dev.keygate.ai;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The beginning of what nobody has counted of an answer, and what it takes to estimate how many
 * tokens that is: the texts in it are counted, and the rest is taken to be like it. A count in the
 * answer may be its last word, or stand at its beginning; what is kept begins after the newest. For
 * one request, on its event loop.
 */
final class AnswerSample {
  /** Most bytes kept of an answer. */
  static final int MOST = 16 * 1024;

  /** What a model said stands under these names, in answers and in events of every surface. */
  private static final Set<String> TEXTS =
      Set.of(
          "content",
          "text",
          "delta",
          "arguments",
          "partial_json",
          "refusal",
          "reasoning",
          "reasoning_content",
          "thinking");

  private static final String DATA = "data:";
  private static final JsonMapper JSON = new JsonMapper();

  private @Nullable Buffer kept = null;
  private long counted;

  /** Adds what the scan has just seen, unless it found there what the answer took. */
  void add(Buffer chunk, UsageScan scan) {
    long now = scan.tokens();
    if (now != counted) {
      counted = now;
      kept = null;
      return;
    }
    int room = MOST - (kept == null ? 0 : kept.length());
    if (room == 0) {
      return;
    }
    Buffer part = chunk.length() <= room ? chunk : chunk.slice(0, room);
    // A copy, since what arrived belongs to whoever reads it next.
    kept = (kept == null ? Buffer.buffer(Math.max(part.length(), 512)) : kept).appendBuffer(part);
  }

  /**
   * How many tokens an answer of so many bytes has.
   *
   * @return -1 where nothing can be read: it may be packed, or not be JSON
   */
  long tokens(long bytes, ToIntFunction<String> counting) {
    if (kept == null) {
      return -1;
    }
    String text = kept.toString(StandardCharsets.UTF_8);
    Said said = new Said();
    if (text.stripLeading().startsWith("{")) {
      said.read(text);
    }
    if (said.events == 0) {
      text.lines()
          .filter(line -> line.startsWith(DATA))
          .forEach(line -> said.read(line.substring(DATA.length())));
    }
    return said.events == 0
        ? -1
        : Math.ceilDiv(counting.applyAsInt(said.text.toString()) * bytes, (long) kept.length());
  }

  /** The texts of what could be read. */
  private static final class Said {
    private final StringBuilder text = new StringBuilder();
    private int events;

    /** Adds what one JSON document says; one that was cut off says nothing. */
    void read(String json) {
      try {
        JsonNode event = JSON.readTree(json);
        events += event.isObject() ? 1 : 0;
        // The Responses API says all again at the end of each part.
        if (!event.path("type").asString("").endsWith(".done")) {
          collect(event);
        }
      } catch (JacksonException cut) {
        return;
      }
    }

    private void collect(JsonNode node) {
      if (node.isObject()) {
        node.properties()
            .forEach(member -> {
              if (member.getValue().isString() && TEXTS.contains(member.getKey())) {
                text.append(member.getValue().stringValue());
              } else {
                collect(member.getValue());
              }
            });
      } else if (node.isArray()) {
        node.forEach(this::collect);
      }
    }
  }
}
