package dev.keygate.gateway;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Refusal;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Where each request of a connection begins and ends, as far as the bytes say so beyond doubt.
 * Looks at every byte of a head and of a chunk's framing, and at none of a body or of HTTP/2, whose
 * frames leave no doubt. One for each connection; belongs to its event loop.
 */
final class Framing {
  private static final byte[] HTTP_2_PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

  /** Returned by a step that can go no further. */
  private static final int STOP = -1;

  private static final Refusal BAD_CHUNK =
      Refusal.of(ErrorCode.MALFORMED_REQUEST, "The request body is not validly chunked.");

  private final RequestHeadScanner head;
  private final ChunkScanner chunks = new ChunkScanner();
  private Next next;
  private long bodyLeft;

  /** What the next bytes are. */
  enum Next {
    /** The first bytes of a connection on which HTTP/2 may be spoken with prior knowledge. */
    PREFACE,
    HEAD,
    BODY,
    CHUNKS,
    HTTP_2,
    /** Nothing that can be told, after a bad head. */
    BAD_HEAD,
    /** Nothing that can be told, in the middle of a body. */
    BAD_BODY
  }

  /**
   * @param first {@link Next#PREFACE}, {@link Next#HEAD} or {@link Next#HTTP_2}
   */
  Framing(Next first, RequestHeadScanner head) {
    this.next = first;
    this.head = head;
  }

  Next next() {
    return next;
  }

  /** Why what came is refused, when it is. */
  Refusal refusal() {
    return next == Next.BAD_BODY ? BAD_CHUNK : head.refusal();
  }

  /** The target of the head that was refused, or {@code /} when it could not be read. */
  String target() {
    return head.target();
  }

  /** Takes no byte more. */
  void refuse() {
    next = Next.BAD_HEAD;
  }

  /** Goes over all bytes; returns the index up to which they may be passed on. */
  int verify(ByteBuf in) {
    int at = in.readerIndex();
    while (at < in.writerIndex()) {
      int after =
          switch (next) {
            case PREFACE -> preface(in, at);
            case HEAD -> head(in, at);
            case BODY -> body(in, at);
            case CHUNKS -> chunks(in, at);
            case HTTP_2 -> in.writerIndex();
            case BAD_HEAD, BAD_BODY -> STOP;
          };
      if (after == STOP) {
        return at;
      }
      at = after;
    }
    return at;
  }

  private int preface(ByteBuf in, int at) {
    int length = Math.min(in.writerIndex() - at, HTTP_2_PREFACE.length);
    for (int i = 0; i < length; i++) {
      if (in.getByte(at + i) != HTTP_2_PREFACE[i]) {
        next = Next.HEAD;
        return at;
      }
    }
    if (length < HTTP_2_PREFACE.length) {
      return STOP;
    }
    next = Next.HTTP_2;
    return in.writerIndex();
  }

  private int head(ByteBuf in, int at) {
    int length = head.scan(in, at);
    if (length == RequestHeadScanner.INCOMPLETE) {
      return STOP;
    }
    if (length == RequestHeadScanner.REFUSED) {
      next = Next.BAD_HEAD;
      return STOP;
    }
    if (head.isChunked()) {
      next = Next.CHUNKS;
      chunks.reset();
    } else if (head.contentLength() > 0) {
      next = Next.BODY;
      bodyLeft = head.contentLength();
    }
    head.reset();
    return at + length;
  }

  private int body(ByteBuf in, int at) {
    int here = (int) Math.min(bodyLeft, in.writerIndex() - at);
    bodyLeft -= here;
    if (bodyLeft == 0) {
      next = Next.HEAD;
    }
    return at + here;
  }

  private int chunks(ByteBuf in, int at) {
    int end = chunks.scan(in, at);
    if (end == ChunkScanner.REFUSED) {
      next = Next.BAD_BODY;
      return STOP;
    }
    if (end == ChunkScanner.INCOMPLETE) {
      return in.writerIndex();
    }
    next = Next.HEAD;
    return end;
  }
}
