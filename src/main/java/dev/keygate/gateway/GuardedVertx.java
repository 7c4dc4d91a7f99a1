package dev.keygate.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.VertxWrapper;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.impl.NetServerImpl;
import io.vertx.core.net.impl.NetServerInternal;
import io.vertx.core.spi.transport.Transport;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Vert.x as its HTTP server sees it, save that each accepted connection gets a handler of ours
 * before any other that reads HTTP. Vert.x has no public hook there: {@code connectionHandler}
 * comes after the first request has been decoded. This class, {@link Listener} and what asks a
 * connection for its channel are all that uses Vert.x classes which may change between minor
 * versions.
 */
final class GuardedVertx extends VertxWrapper {
  private final Function<ChannelPipeline, ChannelHandler> guard;
  private final Transport transport;

  /**
   * @param guard makes the handler of one connection; called on its event loop, after the TLS
   *     handshake
   */
  GuardedVertx(VertxInternal vertx, Function<ChannelPipeline, ChannelHandler> guard) {
    this(vertx, guard, vertx.transport());
  }

  private GuardedVertx(
      VertxInternal vertx, Function<ChannelPipeline, ChannelHandler> guard, Transport transport) {
    super(vertx);
    this.guard = guard;
    this.transport = transport;
  }

  /**
   * Shows connections when they have been accepted, before the TLS handshake. Servers that share a
   * port accept for each other: they must all do the same.
   */
  GuardedVertx showing(Consumer<Channel> accepted) {
    return new GuardedVertx(
        delegate, guard, new AcceptingTransport(delegate.transport(), accepted));
  }

  @Override
  public Transport transport() {
    return transport;
  }

  @Override
  public NetServerInternal createNetServer(NetServerOptions options) {
    return new NetServerImpl(this, options) {
      @Override
      protected void initChannel(ChannelPipeline pipeline, boolean ssl) {
        pipeline.addLast("guard", guard.apply(pipeline));
        super.initChannel(pipeline, ssl);
      }
    };
  }
}
