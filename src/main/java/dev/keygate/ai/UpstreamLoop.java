package dev.keygate.ai;

import dev.keygate.exchange.HeadRoom;
import dev.keygate.exchange.SharedFlush;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.resolver.NameResolver;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The upstream side of one event loop: its connections, its view of DNS, and the watch over what
 * waits. Nothing of it is shared, so that a request never changes threads on its way.
 */
final class UpstreamLoop {
  /** Streams that one HTTP/2 connection may carry are the provider's to say; this is its share. */
  private static final int HTTP2_CONNECTIONS = 64;

  private static final int STREAM_WINDOW = 256 * 1024;
  private static final int CONNECTION_WINDOW = 8 * 1024 * 1024;

  private final Vertx vertx;
  private final UpstreamSettings settings;
  private final Routes routes;
  private final StallWatch watch;
  private final Set<HttpConnection> unused = Collections.newSetFromMap(new IdentityHashMap<>());
  private @Nullable HttpClientAgent plain;
  private @Nullable HttpClientAgent tls;

  UpstreamLoop(Vertx vertx, EventLoop eventLoop, UpstreamSettings settings, LongSupplier nanoTime) {
    this.vertx = vertx;
    this.settings = settings;
    NameResolver resolver = ((VertxInternal) vertx).nameResolver();
    this.routes = new Routes(host -> resolver.resolveAll(eventLoop, host), nanoTime);
    this.watch = new StallWatch(vertx, settings.sweepInterval(), nanoTime, routes::refresh);
  }

  Routes routes() {
    return routes;
  }

  StallWatch watch() {
    return watch;
  }

  /** A request on a pooled connection to the route's address. */
  Future<HttpClientRequest> open(UpstreamRequest request, Route route) {
    HttpClientAgent client = request.baseUrl().isTls() ? tls() : plain();
    return client.request(route.options(request.method(), request.target()));
  }

  /** Whether the connection has carried no request yet; asked once for each request. */
  boolean isFirstUse(HttpConnection connection) {
    return !unused.isEmpty() && unused.remove(connection);
  }

  Future<Void> close() {
    Future<Void> first = plain == null ? Future.succeededFuture() : plain.close();
    Future<Void> second = tls == null ? Future.succeededFuture() : tls.close();
    return Future.join(first, second).mapEmpty();
  }

  private HttpClientAgent plain() {
    if (plain == null) {
      plain = build(options());
    }
    return plain;
  }

  private HttpClientAgent tls() {
    if (tls == null) {
      HttpClientOptions options =
          options()
              .setSsl(true)
              .setSslHandshakeTimeout(settings.connectTimeout().toMillis())
              .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
              .setVerifyHost(true)
              .setForceSni(true)
              .setProtocolVersion(HttpVersion.HTTP_2)
              .setUseAlpn(true)
              .setInitialSettings(
                  new Http2Settings()
                      .setPushEnabled(false)
                      .setMaxHeaderListSize(settings.maxHeaderBytes())
                      .setInitialWindowSize(STREAM_WINDOW))
              .setHttp2ConnectionWindowSize(CONNECTION_WINDOW);
      if (!settings.extraRoots().isEmpty()) {
        options.setTrustOptions(TrustedRoots.platformAnd(settings.extraRoots()));
      }
      tls = build(options);
    }
    return tls;
  }

  /** Nothing of TLS: a client that has options for it hashes all of them for each request. */
  private HttpClientOptions options() {
    int keepAlive = (int) Math.max(1, settings.keepAlive().toSeconds());
    return new HttpClientOptions()
        .setProtocolVersion(HttpVersion.HTTP_1_1)
        .setConnectTimeout((int) settings.connectTimeout().toMillis())
        .setKeepAlive(true)
        .setKeepAliveTimeout(keepAlive)
        .setHttp2KeepAliveTimeout(keepAlive)
        .setTcpKeepAlive(true)
        .setDecompressionSupported(false)
        .setMaxRedirects(0)
        .setMaxHeaderSize(settings.maxHeaderBytes());
  }

  private HttpClientAgent build(HttpClientOptions options) {
    PoolOptions pool =
        new PoolOptions()
            .setHttp1MaxSize(settings.maxConnections())
            .setHttp2MaxSize(HTTP2_CONNECTIONS)
            .setMaxWaitQueueSize(settings.maxConnections());
    return vertx
        .httpClientBuilder()
        .with(options)
        .with(pool)
        .withConnectHandler(this::connected)
        .build();
  }

  private void connected(HttpConnection connection) {
    unused.add(connection);
    Channel channel = ((ConnectionBase) connection).channel();
    HeadRoom.in(channel);
    SharedFlush.in(channel);
    connection.closeHandler(closed -> unused.remove(connection));
    // The request on the connection is told as well, and what is logged is said there.
    connection.exceptionHandler(known -> {});
  }
}
