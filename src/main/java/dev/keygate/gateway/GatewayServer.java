package dev.keygate.gateway;

import dev.keygate.live.LiveState;
import dev.keygate.ratelimit.RateLimits;
import dev.keygate.telemetry.Metrics;
import dev.keygate.usage.LastUsed;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.tracing.TracingPolicy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The gateway's listener, spread over event loops: a connection stays on the loop that accepted it,
 * and so do its requests.
 */
public final class GatewayServer {
  /** Streams that one HTTP/2 connection may have open at a time. */
  private static final long MAX_CONCURRENT_STREAMS = 256;

  /** Longest request line; it holds the path and the query. */
  static final int MAX_LINE_BYTES = 8 * 1024;

  private final Vertx vertx;
  private final GatewaySettings settings;
  private final List<Listener> listeners = new ArrayList<>();

  /** Where it is noted what happened. */
  public record Notes(LastUsed lastUsed, Metrics metrics) {}

  public GatewayServer(
      Vertx vertx,
      GatewaySettings settings,
      LiveState live,
      RateLimits limits,
      Notes notes,
      InstantSource clock) {
    this.vertx = vertx;
    this.settings = settings;
    KeyScope keyScope = new KeyScope(limits);
    FrontDoor frontDoor = new FrontDoor(live, notes.lastUsed(), keyScope);
    BufferBudget budget = new BufferBudget(settings.maxBuffered());
    Meters meters = new Meters(notes.metrics());
    for (int i = 0; i < settings.eventLoops(); i++) {
      RequestRun.Gate gate =
          new RequestRun.Gate(
              frontDoor, keyScope, settings, budget, new Refusals(System::nanoTime), meters);
      listeners.add(new Listener(options(), gate, clock));
    }
  }

  /** Listens on every event loop; completes with the port. */
  public Future<Integer> start() {
    List<Future<String>> started = new ArrayList<>();
    for (Listener listener : listeners) {
      started.add(vertx.deployVerticle(listener, new DeploymentOptions()));
    }
    return Future.all(started).map(all -> listeners.getFirst().port());
  }

  /**
   * Waits for the requests under way, at most {@code deadline}.
   *
   * @return how many were not finished then
   */
  public Future<Integer> drain(Duration deadline) {
    List<Future<Integer>> drained = listeners.stream().map(one -> one.drain(deadline)).toList();
    return Future.all(drained).map(all -> all.<Integer>list().stream().mapToInt(i -> i).sum());
  }

  /** Uses the certificate files as they are now for connections from now on. */
  public Future<Void> reloadCertificate() {
    return Future.all(
            listeners.stream().map(one -> one.certificate(options().getSslOptions())).toList())
        .mapEmpty();
  }

  private HttpServerOptions options() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(settings.host())
            // One negative number is one free port for all listeners of a deployment.
            .setPort(settings.port() == 0 ? -1 : settings.port())
            .setTcpNoDelay(true)
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setMaxHeaderSize(settings.maxHeaderBytes())
            .setHandle100ContinueAutomatically(false)
            .setDecompressionSupported(false)
            .setCompressionSupported(false)
            .setTracingPolicy(TracingPolicy.IGNORE)
            .setHttp2ClearTextEnabled(true)
            .setInitialSettings(
                new Http2Settings()
                    .setMaxConcurrentStreams(MAX_CONCURRENT_STREAMS)
                    .setMaxHeaderListSize(settings.maxHeaderBytes()));
    settings
        .tls()
        .ifPresent(tls ->
            options
                .setSsl(true)
                .setUseAlpn(true)
                .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .addCertPath(tls.certificate().toString())
                        .addKeyPath(tls.key().toString())));
    return options;
  }
}
