package dev.keygate.gateway;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
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
 * other, and nothing behind it is read.
 *
 * <p>A connection that is closed while its client may still be sending is closed in two steps (RFC
 * 9112 section 9.6): a socket closed with bytes in it is reset, and a reset can overtake the
 * answer. Our side ends at once; what still comes is thrown away, until the client ends its side or
 * has had time to see the answer.
 *
 * <p>One for each connection; belongs to its event loop.
 */
final class ConnectionGuard extends ChannelDuplexHandler {
  /** Skipped by every reader before a request; it makes Vert.x choose the HTTP/1 pipeline. */
  private static final ByteBuf EMPTY_LINE =
      Unpooled.unreleasableBuffer(
              Unpooled.wrappedBuffer("\r\n".getBytes(StandardCharsets.ISO_8859_1)))
          .asReadOnly();

  private static final String DECODER = "httpDecoder";

  private static final Refusal SLOW_HEAD =
      Refusal.of(ErrorCode.REQUEST_TIMEOUT, "The request head did not arrive in time.");

  private final Framing framing;
  private final Waits waits;
  private final Deadlines.Deadline headDeadline = new Until(this::headTookTooLong);
  private final Deadlines.Deadline idleDeadline = new Until(this::cut);
  private final Deadlines.Deadline lingerDeadline = new Until(this::cut);

  private @Nullable ChannelHandlerContext context;
  private @Nullable ConnectionState connection;
  private @Nullable ByteBuf held;
  private int openRequests;
  private boolean takesNoMore;
  private @Nullable Consumer<Refusal> onBadBody;

  /** The waits of one event loop's connections: for a head, for a request, for a client to go. */
  record Waits(Deadlines head, Deadlines idle, Deadlines lingering) {}

  private static final class Until extends Deadlines.Deadline {
    private final Runnable step;

    Until(Runnable step) {
      this.step = step;
    }

    @Override
    void expired() {
      step.run();
    }
  }

  ConnectionGuard(Framing framing, Waits waits) {
    this.framing = framing;
    this.waits = waits;
  }

  /** What the listener knows of the connection; null before it does, and once it is closed. */
  @Nullable ConnectionState connection() {
    return connection;
  }

  void connection(@Nullable ConnectionState known) {
    connection = known;
  }

  /** The connection has one more request that is not answered. */
  void requestStarted() {
    openRequests++;
    idleDeadline.stop();
  }

  /**
   * A request has got its answer, or has been given up.
   *
   * @param now by {@link System#nanoTime}
   */
  void requestEnded(long now) {
    if (--openRequests == 0 && context != null && context.channel().isActive()) {
      waits.idle().startAt(now, idleDeadline);
    }
  }

  /**
   * Whom to tell when the body that is being read turns out to be framed badly; null for no one.
   */
  void onBadBody(@Nullable Consumer<Refusal> listener) {
    onBadBody = listener;
    tellOfBadBody();
  }

  /** Nothing that comes from now on is looked at, not even what is here already. */
  void takeNoMore() {
    takesNoMore = true;
    framing.refuse();
    headDeadline.stop();
    releaseHeld();
  }

  boolean takesNoMore() {
    return takesNoMore;
  }

  /** Closes the connection without waiting for what is still to be written or read. */
  void cut() {
    if (context != null) {
      var _ = context.close();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    waits.idle().start(idleDeadline);
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
    if (lingerDeadline.isRunning()) {
      ReferenceCountUtil.release(message);
      return;
    }
    switch (framing.next()) {
      case HTTP_2 -> ctx.fireChannelRead(message);
      case BAD_HEAD, BAD_BODY -> ReferenceCountUtil.release(message);
      case PREFACE, HEAD, BODY, CHUNKS -> readHttp1(ctx, (ByteBuf) message);
    }
  }

  private void readHttp1(ChannelHandlerContext ctx, ByteBuf arrived) {
    ByteBuf in = arrived;
    if (held != null) {
      in = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), held, arrived);
      held = null;
    }
    int length = framing.verify(in) - in.readerIndex();
    boolean isBadHead = framing.next() == Framing.Next.BAD_HEAD;
    boolean isBadBody = framing.next() == Framing.Next.BAD_BODY;
    if (length == in.readableBytes()) {
      ctx.fireChannelRead(in);
    } else {
      ByteBuf verified = length == 0 ? null : in.readRetainedSlice(length);
      if (isBadHead || isBadBody) {
        in.release();
      } else {
        held = in;
      }
      if (verified != null) {
        ctx.fireChannelRead(verified);
      }
    }
    if (isBadHead) {
      refuse(ctx, framing.refusal());
    } else if (isBadBody) {
      tellOfBadBody();
    }
    watchHead();
  }

  private void watchHead() {
    if (held == null) {
      headDeadline.stop();
    } else if (!headDeadline.isRunning()) {
      idleDeadline.stop();
      waits.head().start(headDeadline);
    }
  }

  private void headTookTooLong() {
    ChannelHandlerContext ctx = context;
    if (ctx != null && held != null) {
      framing.refuse();
      releaseHeld();
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
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, framing.target());
    failed.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    failed.setDecoderResult(DecoderResult.failure(new MalformedRequestException(refusal)));
    decoder.fireChannelRead(failed);
  }

  private void tellOfBadBody() {
    Consumer<Refusal> listener = onBadBody;
    if (listener != null && framing.next() == Framing.Next.BAD_BODY) {
      onBadBody = null;
      listener.accept(framing.refusal());
    }
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    boolean mayBeSending =
        switch (framing.next()) {
          case BODY, CHUNKS, BAD_HEAD, BAD_BODY -> true;
          case PREFACE, HEAD, HTTP_2 -> false;
        };
    if (!mayBeSending || lingerDeadline.isRunning() || !ctx.channel().isActive()) {
      var _ = ctx.close(promise);
      return;
    }
    var _ = ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
    waits.lingering().start(lingerDeadline);
    var _ = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> endOutput(ctx));
    ctx.channel().config().setAutoRead(true);
  }

  private static void endOutput(ChannelHandlerContext ctx) {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    if (tls != null) {
      var _ = tls.closeOutbound();
    } else if (ctx.channel() instanceof DuplexChannel duplex) {
      var _ = duplex.shutdownOutput();
    }
  }

  private void letGo() {
    idleDeadline.stop();
    headDeadline.stop();
    lingerDeadline.stop();
    releaseHeld();
  }

  private void releaseHeld() {
    if (held != null) {
      held.release();
      held = null;
    }
  }
}
