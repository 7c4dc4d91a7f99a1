package dev.keygate.ai;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Steps through JSON text (RFC 8259) without building anything from it, and refuses what is not
 * JSON: bad numbers and escapes, unescaped control characters, text that is not UTF-8, anything
 * nested deeper than {@value #MAX_DEPTH}.
 *
 * <p>Nearly all bytes of a request body are inside strings, so those are read eight at a time: a
 * word is plain when no byte of it is a quote, a backslash, a control character or above 0x7f. Each
 * of the four tests leaves the top bit set in the lowest byte that fails it, so the trailing zeros
 * of their union say how many bytes to skip.
 *
 * <p>Nesting is kept as one bit for each level (object or array) in a bit set, not on the stack.
 */
final class JsonScanner {
  /** Levels of objects and arrays, the outermost included. */
  static final int MAX_DEPTH = 256;

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long TOPS = 0x8080808080808080L;
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';
  private static final long SPACES = ONES * ' ';

  private final byte[] bytes;
  private final int from;
  private final int end;
  private final long[] objects = new long[MAX_DEPTH / Long.SIZE + 1];
  private int at;
  private boolean escaped;

  JsonScanner(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.from = from;
    this.end = end;
    this.at = from;
  }

  /** The index of the next byte to read. */
  int position() {
    return at;
  }

  /** Whether the string last read has an escape in it. */
  boolean wasEscaped() {
    return escaped;
  }

  /** The next byte that is not white space, without stepping over it; -1 at the end. */
  int peek() {
    if (at < end && bytes[at] > ' ') {
      return bytes[at];
    }
    return peekBeyondSpace();
  }

  private int peekBeyondSpace() {
    while (at < end) {
      byte b = bytes[at];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b & 0xff;
      }
      at++;
    }
    return -1;
  }

  /** Steps over white space and then over {@code wanted}. */
  void expect(char wanted, String expected) throws MalformedBodyException {
    if (peek() != wanted) {
      throw wrong(expected);
    }
    at++;
  }

  /** Steps over white space and then over {@code wanted}, if it is there. */
  boolean skipIf(char wanted) {
    if (peek() == wanted) {
      at++;
      return true;
    }
    return false;
  }

  /** Steps over one value of any kind. */
  void value() throws MalformedBodyException {
    int depth = 1;
    while (true) {
      depth = open(depth);
      // A value has just ended: close what ends with it, up to where the next value begins.
      while (depth > 1 && !skipIf(',')) {
        expect(isObject(depth) ? '}' : ']', isObject(depth) ? "',' or '}'" : "',' or ']'");
        depth--;
      }
      if (depth == 1) {
        return;
      }
      if (isObject(depth)) {
        name();
      }
    }
  }

  /**
   * Steps into objects and arrays until a value that holds no other has been stepped over.
   *
   * @return the depth at which that value stood
   */
  private int open(int outer) throws MalformedBodyException {
    int depth = outer;
    while (true) {
      int first = peek();
      switch (first) {
        case '{' -> {
          checkDepth(depth);
          at++;
          if (skipIf('}')) {
            return depth;
          }
          depth++;
          objects[depth >> 6] |= 1L << depth;
          name();
        }
        case '[' -> {
          checkDepth(depth);
          at++;
          if (skipIf(']')) {
            return depth;
          }
          depth++;
          objects[depth >> 6] &= ~(1L << depth);
        }
        default -> {
          scalar(first);
          return depth;
        }
      }
    }
  }

  private void checkDepth(int outer) throws MalformedBodyException {
    if (outer == MAX_DEPTH) {
      throw wrong("at most " + MAX_DEPTH + " levels of nesting");
    }
  }

  private boolean isObject(int depth) {
    return (objects[depth >> 6] & 1L << depth) != 0;
  }

  private void name() throws MalformedBodyException {
    if (peek() != '"') {
      throw wrong("a field name in double quotes");
    }
    string();
    expect(':', "':' after a field name");
  }

  private void scalar(int first) throws MalformedBodyException {
    switch (first) {
      case '"' -> string();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw wrong("a JSON value");
    }
  }

  private void literal(String word) throws MalformedBodyException {
    for (int i = 0; i < word.length(); i++) {
      if (at + i >= end || bytes[at + i] != word.charAt(i)) {
        throw wrong("a JSON value");
      }
    }
    at += word.length();
  }

  private void number() throws MalformedBodyException {
    if (bytes[at] == '-') {
      at++;
    }
    if (at < end && bytes[at] == '0') {
      at++;
    } else {
      digits();
    }
    if (at < end && bytes[at] == '.') {
      at++;
      digits();
    }
    if (at < end && (bytes[at] == 'e' || bytes[at] == 'E')) {
      at++;
      if (at < end && (bytes[at] == '+' || bytes[at] == '-')) {
        at++;
      }
      digits();
    }
  }

  private void digits() throws MalformedBodyException {
    int start = at;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    if (at == start) {
      throw wrong("a digit");
    }
  }

  /** Steps over a string; the next byte is its opening quote. */
  void string() throws MalformedBodyException {
    int opening = at++;
    escaped = false;
    while (true) {
      skipPlain();
      if (at >= end) {
        throw MalformedBodyException.at(
            "The request body is not valid JSON: a string that does not end begins",
            bytes,
            from,
            opening);
      }
      byte b = bytes[at];
      if (b == '"') {
        at++;
        return;
      }
      if (b == '\\') {
        escaped = true;
        escape();
      } else if (b < 0) {
        do {
          at += utf8();
        } while (at < end && bytes[at] < 0);
      } else if (b < ' ') {
        throw wrong("control characters in strings to be escaped");
      } else {
        at++;
      }
    }
  }

  private void skipPlain() {
    while (at + Long.BYTES <= end) {
      long word = (long) WORDS.get(bytes, at);
      long special = word & TOPS;
      special |= (word - SPACES) & ~word & TOPS;
      long quote = word ^ QUOTES;
      special |= (quote - ONES) & ~quote & TOPS;
      long backslash = word ^ BACKSLASHES;
      special |= (backslash - ONES) & ~backslash & TOPS;
      if (special != 0) {
        at += Long.numberOfTrailingZeros(special) >>> 3;
        return;
      }
      at += Long.BYTES;
    }
  }

  private void escape() throws MalformedBodyException {
    int kind = at + 1 < end ? bytes[at + 1] : -1;
    switch (kind) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at += 2;
      case 'u' -> {
        for (int i = 2; i < 6; i++) {
          if (at + i >= end || Character.digit(bytes[at + i], 16) < 0) {
            throw wrong("four hexadecimal digits after \\u");
          }
        }
        at += 6;
      }
      default -> throw wrong("an escape that JSON knows");
    }
  }

  /** The length of the UTF-8 sequence that begins here (RFC 3629 section 4). */
  private int utf8() throws MalformedBodyException {
    int first = bytes[at] & 0xff;
    if (first >= 0xc2 && first <= 0xdf && isBetween(1, 0x80, 0xbf)) {
      return 2;
    }
    if (first >= 0xe0 && first <= 0xef) {
      int low = first == 0xe0 ? 0xa0 : 0x80;
      int high = first == 0xed ? 0x9f : 0xbf;
      if (isBetween(1, low, high) && isBetween(2, 0x80, 0xbf)) {
        return 3;
      }
    }
    if (first >= 0xf0 && first <= 0xf4) {
      int low = first == 0xf0 ? 0x90 : 0x80;
      int high = first == 0xf4 ? 0x8f : 0xbf;
      if (isBetween(1, low, high) && isBetween(2, 0x80, 0xbf) && isBetween(3, 0x80, 0xbf)) {
        return 4;
      }
    }
    throw wrong("UTF-8");
  }

  private boolean isBetween(int offset, int low, int high) {
    int index = at + offset;
    return index < end && (bytes[index] & 0xff) >= low && (bytes[index] & 0xff) <= high;
  }

  /** The body is not JSON here, where {@code expected} should have been. */
  MalformedBodyException wrong(String expected) {
    String message = "The request body is not valid JSON: expected " + expected;
    return MalformedBodyException.at(message, bytes, from, at);
  }
}
