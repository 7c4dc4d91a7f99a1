package dev.keygate.gateway;

import dev.keygate.exchange.ClientConnection;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.RequestHead;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop's share of the gateway: its connections, and the requests on them. All its methods
 * run on that event loop.
 */
final class Listener extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

  private final HttpServerOptions options;
  private final RequestRun.Gate gate;
  private final InstantSource clock;
  private final RequestIds requestIds = new RequestIds();
  private final Map<HttpConnection, ConnectionState> connections = new HashMap<>();
  private final Promise<Void> drained = Promise.promise();
  private @Nullable HttpServer server;
  private int inFlight;
  private boolean isDraining;

  Listener(HttpServerOptions options, RequestRun.Gate gate, InstantSource clock) {
    this.options = options;
    this.gate = gate;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    HttpServer made =
        vertx
            .createHttpServer(options)
            .connectionHandler(this::opened)
            .requestHandler(this::handle)
            .exceptionHandler(failure -> LOG.debug("connection failed: {}", failure.toString()));
    server = made;
    return made.listen();
  }

  int port() {
    return server == null ? 0 : server.actualPort();
  }

  /** Uses another certificate for connections from now on. */
  Future<Boolean> certificate(ServerSSLOptions ssl) {
    return server == null ? Future.succeededFuture(false) : server.updateSSLOptions(ssl);
  }

  /**
   * Takes no more requests and waits for those under way.
   *
   * @return how many were cut when the time was over
   */
  Future<Integer> drain(Duration deadline) {
    Promise<Integer> cut = Promise.promise();
    isDraining = true;
    if (inFlight == 0) {
      drained.tryComplete();
    }
    long timer = vertx.setTimer(Math.max(1, deadline.toMillis()), id -> drained.tryComplete());
    drained
        .future()
        .onComplete(over -> {
          vertx.cancelTimer(timer);
          cut.complete(inFlight);
        });
    return cut.future();
  }

  int inFlight() {
    return inFlight;
  }

  private void opened(HttpConnection connection) {
    connections.put(connection, new ConnectionState(client(connection)));
    connection.closeHandler(closed -> connections.remove(connection));
    connection.exceptionHandler(failure -> LOG.debug("connection failed: {}", failure.toString()));
  }

  private void handle(HttpServerRequest request) {
    request.pause();
    ConnectionState state =
        connections.computeIfAbsent(
            request.connection(), connection -> new ConnectionState(client(connection)));
    HostAndPort authority = request.authority();
    String path = request.path();
    Exchange exchange =
        new Exchange(
            requestIds.next(),
            state.client(),
            new RequestHead(
                request.method().name(),
                authority == null ? "" : authority.toString(),
                path == null ? "" : path,
                request.query(),
                version(request.version()),
                request.headers()),
            System.nanoTime());
    inFlight++;
    RequestRun run = new RequestRun(exchange, request, context, gate, this::finished);
    run.guarded(() -> run.start(state.takeFirst()));
  }

  private void finished() {
    inFlight--;
    if (isDraining && inFlight == 0) {
      drained.tryComplete();
    }
  }

  private ClientConnection client(HttpConnection connection) {
    SSLSession session = connection.isSsl() ? connection.sslSession() : null;
    String name = connection.indicatedServerName();
    return new ClientConnection(
        address(connection.remoteAddress(true)),
        port(connection.remoteAddress(true)),
        address(connection.localAddress(true)),
        port(connection.localAddress(true)),
        session == null ? "" : session.getProtocol(),
        name == null ? "" : name,
        clock.instant());
  }

  private static InetAddress address(@Nullable SocketAddress address) {
    if (address != null && address.hostAddress() != null) {
      try {
        return InetAddress.getByName(address.hostAddress());
      } catch (UnknownHostException e) {
        throw new IllegalStateException("a literal address needs no look-up", e);
      }
    }
    return InetAddress.getLoopbackAddress(); // a Unix socket is as local as it gets
  }

  private static int port(@Nullable SocketAddress address) {
    return address == null ? 0 : address.port();
  }

  private static String version(HttpVersion version) {
    return switch (version) {
      case HTTP_1_0 -> "HTTP/1.0";
      case HTTP_1_1 -> "HTTP/1.1";
      case HTTP_2 -> "HTTP/2.0";
    };
  }
}
