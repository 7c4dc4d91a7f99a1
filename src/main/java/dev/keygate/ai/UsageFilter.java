package dev.keygate.ai;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes the chunk that says the usage out of a stream of Chat Completions, for a client that did
 * not ask for one. Everything else passes byte for byte; of an event that has not ended yet a part
 * is kept, bounded.
 */
final class UsageFilter {
  /** An event longer than this is none of usage, and passes unread. */
  private static final int MAX_KEPT = 64 * 1024;

  private static final Pattern NO_CHOICES = Pattern.compile("\"choices\"\\s*:\\s*\\[\\s*]");
  private static final String DATA = "data:";
  private static final JsonMapper JSON = JsonMapper.shared();

  private Buffer kept = Buffer.buffer();
  private int seen;

  /** What of the stream so far may pass now; maybe nothing. */
  Buffer add(Buffer chunk) {
    Buffer all = kept.length() == 0 ? chunk : kept.appendBuffer(chunk);
    Buffer passed = Buffer.buffer();
    int start = 0;
    int end = endOfEvent(all, start, seen);
    while (end > 0) {
      if (!isUsage(all.getString(start, end, StandardCharsets.UTF_8.name()))) {
        passed.appendBuffer(all, start, end - start);
      }
      start = end;
      end = endOfEvent(all, start, start);
    }
    if (all.length() - start > MAX_KEPT) {
      passed.appendBuffer(all, start, all.length() - start);
      start = all.length();
    }
    kept = all.getBuffer(start, all.length());
    seen = kept.length();
    return passed;
  }

  /** The same for a chunk that says no count; it passes whole when it ends an event. */
  Buffer addHarmless(Buffer chunk) {
    int length = chunk.length();
    boolean endsEvent =
        kept.length() == 0
            && length > 1
            && chunk.getByte(length - 1) == '\n'
            && chunk.getByte(length - 2) == '\n';
    return endsEvent ? chunk : add(chunk);
  }

  /** What is left when the stream has ended. */
  Buffer end() {
    Buffer left = kept;
    kept = Buffer.buffer();
    return left;
  }

  /** The index after the empty line that ends the event, or -1; what was seen before has none. */
  private static int endOfEvent(Buffer all, int start, int seen) {
    for (int i = Math.max(start + 1, seen); i < all.length(); i++) {
      if (all.getByte(i) == '\n') {
        boolean isEmptyLine =
            all.getByte(i - 1) == '\n'
                || (i - 2 >= start && all.getByte(i - 1) == '\r' && all.getByte(i - 2) == '\n');
        if (isEmptyLine) {
          return i + 1;
        }
      }
    }
    return -1;
  }

  private static boolean isUsage(String event) {
    String data = event.strip();
    if (!data.startsWith(DATA) || !NO_CHOICES.matcher(data).find()) {
      return false;
    }
    try {
      JsonNode chunk = JSON.readTree(data.substring(DATA.length()));
      return chunk.path("usage").isObject()
          && chunk.path("choices").isArray()
          && chunk.path("choices").isEmpty();
    } catch (JacksonException malformed) {
      return false; // The client is to see it as it came.
    }
  }
}
