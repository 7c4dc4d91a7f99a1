package dev.keygate.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the PROXY protocol header off a trusted proxy's connection before TLS or HTTP is read, and
 * leaves what it says with the channel. A connection without a whole and valid header in time is
 * closed: nobody knows whose it is. One for each connection; belongs to its event loop.
 */
final class ProxyHeaderReader extends ChannelInboundHandlerAdapter {
  /** What the header said. */
  static final AttributeKey<ProxyHeader.Said> SAID = AttributeKey.valueOf("keygate.proxy-header");

  private static final Logger LOG = LoggerFactory.getLogger(ProxyHeaderReader.class);

  private final Duration patience;
  private @Nullable ByteBuf held;
  private @Nullable ScheduledFuture<?> deadline;

  /**
   * @param patience how long the header may take to arrive
   */
  ProxyHeaderReader(Duration patience) {
    this.patience = patience;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    deadline =
        ctx.executor()
            .schedule(
                () -> refuse(ctx, "no whole PROXY header came in time"),
                patience.toNanos(),
                TimeUnit.NANOSECONDS);
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
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (!ctx.channel().isActive()) {
      in.release(); // refused
      return;
    }
    if (held != null) {
      in = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), held, in);
      held = null;
    }
    switch (ProxyHeader.read(in)) {
      case ProxyHeader.Incomplete more -> held = in;
      case ProxyHeader.Malformed bad -> {
        in.release();
        refuse(ctx, "its first bytes are no PROXY header");
      }
      case ProxyHeader.Complete header -> {
        ctx.channel().attr(SAID).set(header.said());
        in.skipBytes(header.length());
        goOn(ctx, in);
      }
    }
  }

  private void goOn(ChannelHandlerContext ctx, ByteBuf rest) {
    if (rest.isReadable()) {
      ctx.fireChannelRead(rest);
    } else {
      rest.release();
    }
    ctx.pipeline().remove(this);
  }

  private void refuse(ChannelHandlerContext ctx, String why) {
    LOG.debug("closes a connection of the proxy {}: {}", ctx.channel().remoteAddress(), why);
    letGo();
    var _ = ctx.close();
  }

  private void letGo() {
    if (deadline != null) {
      deadline.cancel(false);
    }
    if (held != null) {
      held.release();
      held = null;
    }
  }
}
