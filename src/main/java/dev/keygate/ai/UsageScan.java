package dev.keygate.ai;

import dev.keygate.ai.translate.TokenUsage;
import io.netty.util.ByteProcessor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the token counts in a provider's answer while it passes, in JSON and in event streams of
 * every surface, wherever chunks are cut. Keeps a few bytes and never the answer.
 *
 * <p>Only a member name in plain quotes followed by a colon and digits counts, so that nothing that
 * a model says can: inside a JSON text its quotes are escaped. Of each count the largest is kept:
 * streams repeat them, growing, and what a client has echoed can only count against it.
 */
final class UsageScan implements ByteProcessor {
  private static final int SEEKING = 0;
  private static final int IN_NAME = 1;
  private static final int AFTER_NAME = 2;
  private static final int IN_VALUE = 3;

  /** The total where a provider says it; else the parts whose sum it is. */
  private static final List<String> NAMES =
      List.of(
          "total_tokens",
          "prompt_tokens",
          "input_tokens",
          "completion_tokens",
          "output_tokens",
          "cache_read_input_tokens",
          "cache_creation_input_tokens");

  private static final byte[][] SPELLED =
      NAMES.stream().map(name -> name.getBytes(StandardCharsets.US_ASCII)).toArray(byte[][]::new);

  private static final int LONGEST_NAME = 27;
  private static final long MOST_TOKENS = 1_000_000_000;

  private final byte[] name = new byte[LONGEST_NAME];
  private final long[] counts = new long[SPELLED.length];
  private int nameLength;
  private int state = SEEKING;
  private int found;
  private long value;
  private boolean hasDigits;
  private long bytes;

  void add(Buffer chunk) {
    bytes += chunk.length();
    ((BufferInternal) chunk).getByteBuf().forEachByte(this);
  }

  /** Whether the answer has said a count yet. */
  boolean hasFound() {
    for (long count : counts) {
      if (count > 0) {
        return true;
      }
    }
    return false;
  }

  /** How long the answer was. */
  long bytes() {
    return bytes;
  }

  /** How many tokens the answer says were used; 0 while it has said nothing. */
  long tokens() {
    long prompt = Math.max(counts[1], counts[2]) + counts[5] + counts[6];
    long answer = Math.max(counts[3], counts[4]);
    return Math.min(MOST_TOKENS, Math.max(counts[0], prompt + answer));
  }

  /** The same by kind; all zero while the answer has said nothing of them. */
  TokenUsage usage() {
    long prompt = Math.max(counts[1], counts[2]) + counts[5] + counts[6];
    return new TokenUsage(prompt, counts[5], counts[6], Math.max(counts[3], counts[4]), 0);
  }

  @Override
  public boolean process(byte next) {
    switch (state) {
      case IN_NAME -> inName(next);
      case AFTER_NAME -> afterName(next);
      case IN_VALUE -> inValue(next);
      default -> seek(next);
    }
    return true;
  }

  private void seek(byte next) {
    if (next == '"') {
      state = IN_NAME;
      nameLength = 0;
    }
  }

  private void inName(byte next) {
    if (next == '"') {
      found = known();
      state = found < 0 ? IN_NAME : AFTER_NAME;
      nameLength = 0; // a quote that closed nothing known may open what is
    } else if (nameLength == LONGEST_NAME) {
      state = SEEKING;
    } else {
      name[nameLength++] = next;
    }
  }

  private void afterName(byte next) {
    if (next == ':') {
      state = IN_VALUE;
      value = 0;
      hasDigits = false;
    } else if (!isSpace(next)) {
      state = SEEKING;
      seek(next);
    }
  }

  private void inValue(byte next) {
    if (next >= '0' && next <= '9') {
      value = Math.min(MOST_TOKENS, 10 * value + next - '0');
      hasDigits = true;
    } else if (hasDigits || !isSpace(next)) {
      counts[found] = Math.max(counts[found], value);
      state = SEEKING;
      seek(next);
    }
  }

  private int known() {
    for (int at = 0; at < SPELLED.length; at++) {
      byte[] spelled = SPELLED[at];
      if (spelled.length == nameLength
          && Arrays.equals(spelled, 0, nameLength, name, 0, nameLength)) {
        return at;
      }
    }
    return -1;
  }

  private static boolean isSpace(byte next) {
    return next == ' ' || next == '\t' || next == '\n' || next == '\r';
  }
}
