package dev.keygate.gateway;

import dev.keygate.exchange.ClientConnection;
import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.HeadRoom;
import dev.keygate.exchange.Refusal;
import dev.keygate.exchange.RequestHead;
import dev.keygate.exchange.SharedFlush;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerImpl;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop's share of the gateway: its connections, and the requests on them. All its methods
 * run on that event loop, save {@link #drain}, {@link #port} and {@link #certificate}.
 */
final class Listener extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

  /** How long a client that was refused may go on sending what nobody reads. */
  private static final Duration LINGERING = Duration.ofSeconds(2);

  /** A proxy sends its header in the first packet. */
  private static final Duration PROXY_HEADER = Duration.ofSeconds(5);

  /** Milliseconds in which connections that were cut are gone; ended by force after that. */
  private static final long AFTER_CUT = 5000;

  private static final Refusal UNREADABLE =
      Refusal.of(ErrorCode.MALFORMED_REQUEST, "The request cannot be read.");

  private final HttpServerOptions options;
  private final RequestRun.Gate gate;
  private final InstantSource clock;
  private final RequestIds requestIds;
  private final RequestHeadScanner.Limits headLimits;
  private final byte[] scratch;
  private final ConnectionGuard.Waits waits;
  private final RequestRun.Waits requestWaits;
  private final Duration headerPatience;
  private final ForwardedFor forwardedFor;
  private final Set<ConnectionState> connections = new HashSet<>();
  private @Nullable HttpServer server;
  private int inFlight;
  private boolean isDraining;

  Listener(HttpServerOptions options, RequestRun.Gate gate, InstantSource clock) {
    this.options = options;
    this.gate = gate;
    this.clock = clock;
    this.requestIds = new RequestIds(clock);
    GatewaySettings settings = gate.settings();
    headLimits =
        new RequestHeadScanner.Limits(
            GatewayServer.MAX_LINE_BYTES, settings.maxHeaderBytes(), settings.maxHeaderLines());
    scratch = new byte[settings.maxHeaderBytes()];
    Deadlines request = new Deadlines(settings.requestTimeout().toNanos(), System::nanoTime);
    Deadlines idle = new Deadlines(settings.idleTimeout().toNanos(), System::nanoTime);
    waits =
        new ConnectionGuard.Waits(
            request, idle, new Deadlines(LINGERING.toNanos(), System::nanoTime));
    requestWaits = new RequestRun.Waits(request, idle);
    headerPatience = shorter(PROXY_HEADER, settings.requestTimeout());
    forwardedFor = new ForwardedFor(settings.proxies().trusted());
  }

  @Override
  public Future<?> start() {
    GuardedVertx guarded = new GuardedVertx((VertxInternal) vertx, this::guard);
    if (gate.settings().proxies().sendHeader()) {
      guarded = guarded.showing(this::accepted);
    }
    HttpServer made =
        new HttpServerImpl(guarded, options)
            .connectionHandler(this::opened)
            .requestHandler(this::handle)
            .invalidRequestHandler(this::handle)
            .exceptionHandler(failure -> LOG.debug("connection failed: {}", failure.toString()));
    server = made;
    vertx.setPeriodic(tickMillis(gate.settings()), id -> expire());
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
   * Accepts no more, lets requests under way end, and cuts those that have not by the deadline.
   *
   * @return how many were cut
   */
  Future<Integer> drain(Duration deadline) {
    Promise<Integer> drained = Promise.promise();
    context.runOnContext(nothing -> drain(Math.max(1, deadline.toMillis()), drained));
    return drained.future();
  }

  private void drain(long millis, Promise<Integer> drained) {
    isDraining = true;
    int[] cut = {0};
    long timer =
        vertx.setTimer(
            millis,
            id -> {
              cut[0] = inFlight; // first: the last connection's end completes this
              List.copyOf(connections).forEach(connection -> connection.guard().cut());
            });
    Future<Void> closed =
        server == null
            ? Future.succeededFuture()
            : server.shutdown(millis + AFTER_CUT, TimeUnit.MILLISECONDS);
    closed.onComplete(done -> {
      vertx.cancelTimer(timer);
      drained.complete(cut[0]);
    });
  }

  private void expire() {
    waits.head().expire();
    waits.idle().expire();
    waits.lingering().expire();
  }

  /** From others than trusted proxies no PROXY protocol is read: to HTTP it is garbage. */
  private void accepted(Channel connection) {
    if (connection.remoteAddress() instanceof InetSocketAddress peer
        && gate.settings().proxies().trusted().contains(peer.getAddress())) {
      connection.pipeline().addLast("proxy-header", new ProxyHeaderReader(headerPatience));
    }
  }

  private ConnectionGuard guard(ChannelPipeline pipeline) {
    SslHandler tls = pipeline.get(SslHandler.class);
    Framing.Next first = Framing.Next.PREFACE;
    if (tls != null) {
      first =
          ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol())
              ? Framing.Next.HTTP_2
              : Framing.Next.HEAD;
    }
    return new ConnectionGuard(
        new Framing(first, new RequestHeadScanner(headLimits, scratch)), waits);
  }

  private ConnectionState opened(HttpConnection connection) {
    ConnectionState state = ConnectionState.begin(connection, clock.instant());
    connections.add(state);
    Channel channel = ((ConnectionBase) connection).channel();
    HeadRoom.in(channel);
    SharedFlush.in(channel);
    connection.closeHandler(closed -> {
      connections.remove(state);
      state.end();
    });
    connection.exceptionHandler(failure -> LOG.debug("connection failed: {}", failure.toString()));
    return state;
  }

  private void handle(HttpServerRequest request) {
    ConnectionState connection = ConnectionState.of(request.connection());
    if (connection == null) {
      request.connection().close(); // every connection was opened
      return;
    }
    if (connection.guard().takesNoMore()) {
      return; // sent behind a request after which nothing is to be served
    }
    Throwable failure = request.decoderResult().cause();
    ClientConnection from = connection.client();
    InetAddress client = forwardedFor.client(from.client(), request.headers());
    String authority = HeadRules.authority(request);
    RequestTarget target = RequestTarget.of(request.uri() == null ? "" : request.uri(), authority);
    Exchange exchange =
        new Exchange(
            requestIds.next(),
            client == null ? from : from.onBehalfOf(client),
            new RequestHead(
                request.method().name(),
                authority,
                target == null ? "/" : target.path(),
                target == null ? null : target.query(),
                version(request.version()),
                request.headers()),
            System.nanoTime());
    RequestRun run = new RequestRun(exchange, request, connection, gate, new Counted(connection));
    if (failure != null) {
      run.refuseAtOnce(
          failure instanceof MalformedRequestException bad ? bad.refusal() : UNREADABLE);
    } else if (client == null) {
      run.refuseAtOnce(ForwardedFor.UNREADABLE);
    } else if (target == null) {
      run.refuseAtOnce(HeadRules.BAD_TARGET);
    } else {
      run.start();
    }
  }

  /** Counts one request from its beginning to its end. */
  private final class Counted implements RequestRun.Owner {
    private final ConnectionState connection;

    Counted(ConnectionState connection) {
      this.connection = connection;
      inFlight++;
      connection.guard().requestStarted();
    }

    @Override
    public void finished(long now) {
      inFlight--;
      connection.guard().requestEnded(now);
    }

    @Override
    public boolean isDraining() {
      return isDraining;
    }

    @Override
    public RequestRun.Waits waits() {
      return requestWaits;
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Often enough that no wait is much longer than it should be. */
  private static long tickMillis(GatewaySettings settings) {
    long shortest =
        Math.min(settings.requestTimeout().toMillis(), settings.idleTimeout().toMillis());
    return Math.clamp(shortest / 8, 10, 1000);
  }

  private static String version(@Nullable HttpVersion version) {
    if (version == HttpVersion.HTTP_1_0) {
      return "HTTP/1.0";
    }
    return version == HttpVersion.HTTP_2 ? "HTTP/2.0" : "HTTP/1.1";
  }
}
