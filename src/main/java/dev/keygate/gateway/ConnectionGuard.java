package dev.keygate.gateway;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.net.impl.ShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the socket and the HTTP decoder, and lets through only what is framed beyond
 * doubt. Watches the time as well: a connection may be idle, or take its time over a head, only so
 * long.
 *
 * <p>HTTP/1 bytes are verified in place and passed on as they came, in the buffer they came in; a
 * head is held until it is complete. A request that is refused here is put before the decoder's
 * successors as a failed message, so that it is answered in its turn and in the same way as any
 * other, and nothing behind it is read. An HTTP/2 connection is passed on unread: its frames leave
 * no doubt about where a message ends.
 *
 * <p>One for each connection; belongs to its event loop.
 */
final class ConnectionGuard extends ChannelInboundHandlerAdapter {
  private static final byte[] HTTP_2_PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

  /** Skipped by every reader before a request; it makes Vert.x choose the HTTP/1 pipeline. */
  private static final ByteBuf EMPTY_LINE =
      Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(new byte[] {Octets.CR, Octets.LF}))
          .asReadOnly();

  /** Returned by a step that can go no further. */
  private static final int STOP = -1;

  private static final String DECODER = "httpDecoder";

  private static final Refusal BAD_CHUNK =
      Refusal.of(ErrorCode.MALFORMED_REQUEST, "The request body is not validly chunked.");

  private static final Refusal SLOW_HEAD =
      Refusal.of(ErrorCode.REQUEST_TIMEOUT, "The request head did not arrive in time.");

  private final RequestHeadScanner head;
  private final ChunkScanner chunks = new ChunkScanner();
  private final Deadlines headDeadlines;
  private final Deadlines idleDeadlines;
  private Mode mode;

  private @Nullable ChannelHandlerContext context;
  private @Nullable ByteBuf held;
  private long bodyLeft;
  private int openRequests;
  private @Nullable Refusal badBody;
  private @Nullable Consumer<Refusal> onBadBody;

  private final Deadlines.Deadline headDeadline =
      new Deadlines.Deadline() {
        @Override
        void expired() {
          headTookTooLong();
        }
      };
  private final Deadlines.Deadline idleDeadline =
      new Deadlines.Deadline() {
        @Override
        void expired() {
          cut();
        }
      };

  /** What the next bytes are. */
  enum Mode {
    /** The first bytes of a connection on which HTTP/2 may be spoken with prior knowledge. */
    PREFACE,
    HEAD,
    BODY,
    CHUNKS,
    HTTP_2,
    /** Nothing is read any more. */
    REFUSED
  }

  /** The waits of one event loop's connections. */
  record Waits(Deadlines head, Deadlines idle) {}

  /**
   * @param start {@link Mode#PREFACE}, {@link Mode#HEAD} or {@link Mode#HTTP_2}
   */
  ConnectionGuard(Mode start, RequestHeadScanner head, Waits waits) {
    this.mode = start;
    this.head = head;
    this.headDeadlines = waits.head();
    this.idleDeadlines = waits.idle();
  }

  /** The connection has one more request that is not answered. */
  void requestStarted() {
    openRequests++;
    idleDeadline.stop();
  }

  /** A request has got its answer, or has been given up. */
  void requestEnded() {
    if (--openRequests == 0 && context != null && context.channel().isActive()) {
      idleDeadlines.start(idleDeadline);
    }
  }

  /**
   * Whom to tell when the body that is being read turns out to be framed badly; null for no one.
   */
  void onBadBody(@Nullable Consumer<Refusal> listener) {
    onBadBody = listener;
    tellOfBadBody();
  }

  /** Closes the connection without waiting for what is still to be written. */
  void cut() {
    if (context != null) {
      var _ = context.close();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    idleDeadlines.start(idleDeadline);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    letGo();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    letGo();
    ctx.fireChannelInactive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ShutdownEvent && openRequests == 0) {
      var _ = ctx.close();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    switch (mode) {
      case HTTP_2 -> ctx.fireChannelRead(message);
      case REFUSED -> ReferenceCountUtil.release(message);
      case PREFACE, HEAD, BODY, CHUNKS -> readHttp1(ctx, (ByteBuf) message);
    }
  }

  private void readHttp1(ChannelHandlerContext ctx, ByteBuf arrived) {
    ByteBuf in = arrived;
    if (held != null) {
      in = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), held, arrived);
      held = null;
    }
    pass(ctx, in, verify(in, in.readerIndex()) - in.readerIndex());
    if (mode == Mode.REFUSED) {
      if (badBody == null) {
        refuse(ctx, head.refusal());
      } else {
        tellOfBadBody();
      }
    }
    watchHead();
  }

  /** Passes {@code length} bytes on; keeps the rest, or throws it away when it was refused. */
  private void pass(ChannelHandlerContext ctx, ByteBuf in, int length) {
    if (length == in.readableBytes()) {
      ctx.fireChannelRead(in);
      return;
    }
    ByteBuf verified = length == 0 ? null : in.readRetainedSlice(length);
    if (mode == Mode.REFUSED) {
      in.release();
    } else {
      held = in;
    }
    if (verified != null) {
      ctx.fireChannelRead(verified);
    }
  }

  /**
   * Goes over the bytes from {@code start}; returns the index up to which they may be passed on.
   */
  private int verify(ByteBuf in, int start) {
    int at = start;
    while (at < in.writerIndex()) {
      int next =
          switch (mode) {
            case PREFACE -> preface(in, at);
            case HEAD -> head(in, at);
            case BODY -> body(in, at);
            case CHUNKS -> chunks(in, at);
            case HTTP_2 -> in.writerIndex();
            case REFUSED -> STOP;
          };
      if (next == STOP) {
        return at;
      }
      at = next;
    }
    return at;
  }

  private int preface(ByteBuf in, int at) {
    int length = Math.min(in.writerIndex() - at, HTTP_2_PREFACE.length);
    for (int i = 0; i < length; i++) {
      if (in.getByte(at + i) != HTTP_2_PREFACE[i]) {
        mode = Mode.HEAD;
        return at;
      }
    }
    if (length < HTTP_2_PREFACE.length) {
      return STOP;
    }
    mode = Mode.HTTP_2;
    return in.writerIndex();
  }

  private int head(ByteBuf in, int at) {
    int length = head.scan(in, at);
    if (length == RequestHeadScanner.INCOMPLETE) {
      return STOP;
    }
    if (length == RequestHeadScanner.REFUSED) {
      mode = Mode.REFUSED;
      return STOP;
    }
    if (head.isChunked()) {
      mode = Mode.CHUNKS;
      chunks.reset();
    } else if (head.contentLength() > 0) {
      mode = Mode.BODY;
      bodyLeft = head.contentLength();
    }
    head.reset();
    return at + length;
  }

  private int body(ByteBuf in, int at) {
    int here = (int) Math.min(bodyLeft, in.writerIndex() - at);
    bodyLeft -= here;
    if (bodyLeft == 0) {
      mode = Mode.HEAD;
    }
    return at + here;
  }

  private int chunks(ByteBuf in, int at) {
    int end = chunks.scan(in, at);
    if (end == ChunkScanner.REFUSED) {
      mode = Mode.REFUSED;
      badBody = BAD_CHUNK;
      return STOP;
    }
    if (end == ChunkScanner.INCOMPLETE) {
      return in.writerIndex();
    }
    mode = Mode.HEAD;
    return end;
  }

  private void watchHead() {
    if (held == null) {
      headDeadline.stop();
    } else if (!headDeadline.isRunning()) {
      idleDeadline.stop();
      headDeadlines.start(headDeadline);
    }
  }

  private void headTookTooLong() {
    ChannelHandlerContext ctx = context;
    if (ctx != null && held != null) {
      mode = Mode.REFUSED;
      held.release();
      held = null;
      refuse(ctx, SLOW_HEAD);
      ctx.fireChannelReadComplete(); // without it the answer would not be flushed
    }
  }

  private void refuse(ChannelHandlerContext ctx, Refusal refusal) {
    if (ctx.pipeline().context(DECODER) == null) {
      ctx.fireChannelRead(EMPTY_LINE.duplicate());
    }
    ChannelHandlerContext decoder = ctx.pipeline().context(DECODER);
    if (decoder == null) {
      var _ = ctx.close();
      return;
    }
    DefaultHttpRequest failed =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, head.target());
    failed.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    failed.setDecoderResult(DecoderResult.failure(new MalformedRequestException(refusal)));
    decoder.fireChannelRead(failed);
  }

  private void tellOfBadBody() {
    Consumer<Refusal> listener = onBadBody;
    Refusal refusal = badBody;
    if (listener != null && refusal != null) {
      onBadBody = null;
      listener.accept(refusal);
    }
  }

  private void letGo() {
    idleDeadline.stop();
    headDeadline.stop();
    if (held != null) {
      held.release();
      held = null;
    }
  }
}
