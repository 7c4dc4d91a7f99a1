package dev.keygate.ai;

import dev.keygate.ai.translate.TokenUsage;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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
 *
 * <p>All names end alike, and begin their end with a byte that is rare elsewhere, which is searched
 * eight bytes at a time. What begins in one chunk and ends in the next is searched in the bytes
 * around the cut.
 */
final class UsageScan {
  private static final int SEEKING = 0;
  private static final int AFTER_NAME = 1;
  private static final int IN_VALUE = 2;

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

  private static final byte[][] QUOTED =
      NAMES.stream()
          .map(name -> ('"' + name + '"').getBytes(StandardCharsets.US_ASCII))
          .toArray(byte[][]::new);

  /** How much of the longest name may stand on one side of a cut. */
  private static final int AROUND =
      Arrays.stream(QUOTED).mapToInt(name -> name.length).max().orElseThrow() - 1;

  /** How every quoted name ends. */
  private static final byte[] END = "_tokens\"".getBytes(StandardCharsets.US_ASCII);

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long TOPS = 0x8080808080808080L;
  private static final long MARKS = END[0] * ONES;

  private static final long MOST_TOKENS = 1_000_000_000;

  private final long[] counts = new long[QUOTED.length];
  private int state = SEEKING;
  private int found;
  private long value;
  private boolean hasDigits;
  private long bytes;

  /** The last bytes of what has passed, and room for the first of what comes. */
  private final byte[] cut = new byte[2 * AROUND];

  private int kept;

  void add(Buffer chunk) {
    ByteBuf in = ((BufferInternal) chunk).getByteBuf();
    int length = in.readableBytes();
    if (in.hasArray()) {
      add(in.array(), in.arrayOffset() + in.readerIndex(), length);
    } else {
      add(chunk.getBytes(), 0, length);
    }
    bytes += length;
  }

  private void add(byte[] chunk, int from, int length) {
    int head = Math.min(AROUND, length);
    System.arraycopy(chunk, from, cut, kept, head);
    int next = from;
    if (kept > 0) {
      // Past a name only what is new is read; before one, what is found twice counts no more.
      scan(cut, 0, state == SEEKING ? 0 : kept, kept + head);
      next = state == SEEKING ? from : from + head;
    }
    scan(chunk, from, next, from + length);
    keepEnd(chunk, from, length, head);
  }

  private void keepEnd(byte[] chunk, int from, int length, int head) {
    if (length >= AROUND) {
      System.arraycopy(chunk, from + length - AROUND, cut, 0, AROUND);
      kept = AROUND;
    } else {
      int all = kept + head;
      kept = Math.min(AROUND, all);
      System.arraycopy(cut, all - kept, cut, 0, kept);
    }
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

  /**
   * Goes on from {@code from}.
   *
   * @param first where names may begin: their first quote may be the last of what was passed
   */
  private void scan(byte[] in, int first, int from, int to) {
    int at = from;
    while (at < to) {
      switch (state) {
        case AFTER_NAME -> afterName(in[at++]);
        case IN_VALUE -> inValue(in[at++]);
        default -> at = afterNextName(in, first, at, to);
      }
    }
  }

  /** The index after the next name, which is {@link #found} then; {@code to} when there is none. */
  private int afterNextName(byte[] in, int first, int at, int to) {
    int last = to - END.length;
    for (int mark = mark(in, at, last); mark <= last; mark = mark(in, mark + 1, last)) {
      int end = mark + END.length;
      if (isKnown(in, first, end)) {
        state = AFTER_NAME;
        return end;
      }
    }
    return to;
  }

  /** The index of the next byte with which an end may begin; beyond {@code last} when none does. */
  private static int mark(byte[] in, int from, int last) {
    int at = from;
    for (; at + Long.BYTES <= last + 1; at += Long.BYTES) {
      long word = (long) WORDS.get(in, at) ^ MARKS;
      long marked = (word - ONES) & ~word & TOPS;
      if (marked != 0) {
        return at + (Long.numberOfTrailingZeros(marked) >>> 3);
      }
    }
    while (at <= last && in[at] != END[0]) {
      at++;
    }
    return at;
  }

  private boolean isKnown(byte[] in, int first, int end) {
    if (!Arrays.equals(in, end - END.length, end, END, 0, END.length)) {
      return false;
    }
    for (int name = 0; name < QUOTED.length; name++) {
      byte[] quoted = QUOTED[name];
      int start = end - quoted.length;
      if (start >= first
          && in[start] == '"'
          && Arrays.equals(in, start, end, quoted, 0, quoted.length)) {
        found = name;
        return true;
      }
    }
    return false;
  }

  private void afterName(byte next) {
    if (next == ':') {
      state = IN_VALUE;
      value = 0;
      hasDigits = false;
    } else if (!isSpace(next)) {
      state = SEEKING;
    }
  }

  private void inValue(byte next) {
    if (next >= '0' && next <= '9') {
      value = Math.min(MOST_TOKENS, 10 * value + next - '0');
      hasDigits = true;
    } else if (hasDigits || !isSpace(next)) {
      counts[found] = Math.max(counts[found], value);
      state = SEEKING;
    }
  }

  private static boolean isSpace(byte next) {
    return next == ' ' || next == '\t' || next == '\n' || next == '\r';
  }
}
