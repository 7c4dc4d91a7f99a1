package dev.keygate.gateway;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Refusal;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Reads the heads of HTTP/1 requests as strictly as RFC 9112 allows, and refuses each that two
 * readers could take for two different requests. Netty's decoder behind it mends many of these in
 * silence: it folds lines, drops a Content-Length beside a Transfer-Encoding, splits the request
 * line at any blank. What passes here leaves it nothing to mend.
 *
 * <p>A head may come in any number of pieces; {@link #scan} goes on where it stopped. One for each
 * connection; belongs to its event loop.
 */
final class RequestHeadScanner {
  /** What {@link #scan} returns besides the length of a head. */
  static final int INCOMPLETE = -1;

  static final int REFUSED = -2;

  private static final int MAX_METHOD_BYTES = 32;

  /** Digits of the longest Content-Length: more than any body, less than a long can hold. */
  private static final int MAX_LENGTH_DIGITS = 18;

  private final Limits limits;
  private final byte[] line;

  private boolean hasRequestLine;
  private int lineStart;
  private int searched;
  private int lines;
  private int hosts;
  private int contentLengths;
  private int transferEncodings;
  private boolean isHttp10;
  private long contentLength;
  private String target = "/";
  private Refusal refusal = malformed("The request cannot be read.");

  /** Bytes of a request line, bytes and lines of a whole head. */
  record Limits(int requestLineBytes, int headBytes, int headerLines) {}

  /**
   * @param scratch room for one line, as long as a head may be; may be shared by all scanners of an
   *     event loop
   */
  RequestHeadScanner(Limits limits, byte[] scratch) {
    this.limits = limits;
    this.line = scratch;
  }

  /** Makes ready for the next head. */
  void reset() {
    hasRequestLine = false;
    lineStart = 0;
    searched = 0;
    lines = 0;
    hosts = 0;
    contentLengths = 0;
    transferEncodings = 0;
    contentLength = 0;
    target = "/";
  }

  /**
   * Goes on with the head that begins at {@code start}.
   *
   * @return the head's length in bytes, {@link #INCOMPLETE} or {@link #REFUSED}
   */
  int scan(ByteBuf in, int start) {
    int end = in.writerIndex();
    while (true) {
      int newline = in.indexOf(start + searched, end, Octets.LF);
      int known = (newline < 0 ? end : newline) - start;
      if (known > limits.headBytes()) {
        return tooLarge("The request head is larger than " + limits.headBytes() + " bytes.");
      }
      if (!hasRequestLine && known - lineStart > limits.requestLineBytes()) {
        return tooLarge("The request line is longer than " + limits.requestLineBytes() + " bytes.");
      }
      if (newline < 0) {
        searched = end - start;
        return INCOMPLETE;
      }
      int length = known - lineStart - 1;
      if (length < 0 || in.getByte(newline - 1) != Octets.CR) {
        return refuse("A line of the request head does not end in CR LF.");
      }
      boolean isEnd = length == 0 && hasRequestLine;
      if (!isEnd && !isAcceptable(in, start + lineStart, length)) {
        return REFUSED;
      }
      lineStart = known + 1;
      searched = lineStart;
      if (isEnd) {
        return isUnambiguous() ? lineStart : REFUSED;
      }
    }
  }

  /** Why the head was refused. */
  Refusal refusal() {
    return refusal;
  }

  /** The request target, or {@code /} when it could not be read. */
  String target() {
    return target;
  }

  boolean isChunked() {
    return transferEncodings > 0;
  }

  /** Bytes of a body that is not chunked. */
  long contentLength() {
    return contentLength;
  }

  private boolean isAcceptable(ByteBuf in, int from, int length) {
    in.getBytes(from, line, 0, length);
    if (hasRequestLine) {
      return isHeader(in, from, length);
    }
    if (length == 0 && lines++ == 0) {
      return true; // one empty line before a request is skipped (RFC 9112 section 2.2)
    }
    lines = 0;
    hasRequestLine = true;
    return isRequestLine(length);
  }

  private boolean isRequestLine(int length) {
    int methodEnd = 0;
    while (methodEnd < length && Octets.isToken(line[methodEnd])) {
      methodEnd++;
    }
    if (methodEnd == 0
        || methodEnd > MAX_METHOD_BYTES
        || methodEnd == length
        || line[methodEnd] != ' ') {
      return fail("The request line does not begin with a method and one blank.");
    }
    int targetStart = methodEnd + 1;
    int targetEnd = targetStart;
    while (targetEnd < length && Octets.isTarget(line[targetEnd])) {
      targetEnd++;
    }
    if (targetEnd == targetStart || targetEnd == length || line[targetEnd] != ' ') {
      return fail("The request target is empty or holds a character that no URL may hold.");
    }
    target = new String(line, targetStart, targetEnd - targetStart, StandardCharsets.ISO_8859_1);
    return isVersion(targetEnd + 1, length);
  }

  private boolean isVersion(int from, int to) {
    isHttp10 = line[to - 1] == '0';
    boolean known =
        to - from == 8
            && line[from] == 'H'
            && line[from + 1] == 'T'
            && line[from + 2] == 'T'
            && line[from + 3] == 'P'
            && line[from + 4] == '/'
            && line[from + 5] == '1'
            && line[from + 6] == '.'
            && (isHttp10 || line[from + 7] == '1');
    return known || fail("The request line does not end in HTTP/1.1 or HTTP/1.0.");
  }

  private boolean isHeader(ByteBuf in, int from, int length) {
    if (++lines > limits.headerLines()) {
      refusal =
          Refusal.of(
              ErrorCode.HEADERS_TOO_LARGE,
              "The request has more than " + limits.headerLines() + " header lines.");
      return false;
    }
    int nameEnd = 0;
    while (nameEnd < length && Octets.isToken(line[nameEnd])) {
      nameEnd++;
    }
    if (nameEnd == 0 || nameEnd == length || line[nameEnd] != ':') {
      return fail("A header line does not begin with a field name and a colon.");
    }
    for (int i = nameEnd + 1; i < length; i++) {
      if (!Octets.isFieldValue(line[i])) {
        return fail("A header value holds a control character.");
      }
    }
    return isKnownHeader(in, from, nameEnd, length);
  }

  /** Looks at the few fields that decide where a request ends and whom it is for. */
  private boolean isKnownHeader(ByteBuf in, int from, int nameEnd, int length) {
    switch (nameEnd) {
      case 4 -> {
        if (Octets.spell(line, 0, nameEnd, "host")) {
          hosts++;
        }
      }
      case 7 -> {
        if (Octets.spell(line, 0, nameEnd, "upgrade")) {
          // Keygate upgrades to nothing, and may ignore the field (RFC 9110 section 7.8). Vert.x
          // would go over to HTTP/2 here, past this scanner.
          for (int i = nameEnd + 1; i < length; i++) {
            in.setByte(from + i, ' ');
          }
        }
      }
      case 14 -> {
        if (Octets.spell(line, 0, nameEnd, "content-length")) {
          return isContentLength(nameEnd + 1, length);
        }
      }
      case 17 -> {
        if (Octets.spell(line, 0, nameEnd, "transfer-encoding")) {
          return isTransferEncoding(nameEnd + 1, length);
        }
      }
      case 18 -> {
        // Netty takes a GET with both of these for a message with a body of 8 bytes.
        if (Octets.spell(line, 0, nameEnd, "sec-websocket-key1")
            || Octets.spell(line, 0, nameEnd, "sec-websocket-key2")) {
          return fail("The request has a header of a withdrawn protocol.");
        }
      }
      default -> {
        // says nothing about framing
      }
    }
    return true;
  }

  private boolean isContentLength(int from, int to) {
    int start = skipBlanks(from, to);
    int end = trimBlanks(start, to);
    if (++contentLengths > 1) {
      return fail("The request has more than one Content-Length.");
    }
    if (end == start || end - start > MAX_LENGTH_DIGITS) {
      return fail("Content-Length is not a number of bytes.");
    }
    long value = 0;
    for (int i = start; i < end; i++) {
      int digit = line[i] - '0';
      if (digit < 0 || digit > 9) {
        return fail("Content-Length is not a number of bytes.");
      }
      value = 10 * value + digit;
    }
    contentLength = value;
    return true;
  }

  private boolean isTransferEncoding(int from, int to) {
    int start = skipBlanks(from, to);
    int end = trimBlanks(start, to);
    return (++transferEncodings == 1 && Octets.spell(line, start, end, "chunked"))
        || fail("Transfer-Encoding must be exactly `chunked`.");
  }

  private boolean isUnambiguous() {
    if (transferEncodings > 0 && contentLengths > 0) {
      return fail("The request has both Content-Length and Transfer-Encoding.");
    }
    if (transferEncodings > 0 && isHttp10) {
      return fail("HTTP/1.0 knows no Transfer-Encoding.");
    }
    if (hosts > 1 || (hosts == 0 && !isHttp10)) {
      return fail("The request needs exactly one Host header.");
    }
    return true;
  }

  private int skipBlanks(int from, int to) {
    int start = from;
    while (start < to && Octets.isBlank(line[start])) {
      start++;
    }
    return start;
  }

  private int trimBlanks(int from, int to) {
    int end = to;
    while (end > from && Octets.isBlank(line[end - 1])) {
      end--;
    }
    return end;
  }

  private int tooLarge(String message) {
    refusal = Refusal.of(ErrorCode.HEADERS_TOO_LARGE, message);
    return REFUSED;
  }

  private int refuse(String message) {
    refusal = malformed(message);
    return REFUSED;
  }

  private boolean fail(String message) {
    refusal = malformed(message);
    return false;
  }

  private static Refusal malformed(String message) {
    return Refusal.of(ErrorCode.MALFORMED_REQUEST, message);
  }
}
