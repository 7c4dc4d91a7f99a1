package dev.keygate.gateway;

import dev.keygate.live.LiveState;
import dev.keygate.ratelimit.RateLimits;
import dev.keygate.telemetry.Metrics;
import dev.keygate.usage.LastUsed;
import dev.keygate.usage.RequestLog;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.tracing.TracingPolicy;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's listener, spread over event loops: a connection stays on the loop that accepted it,
 * and so do its requests.
 */
public final class GatewayServer {
  /** Streams that one HTTP/2 connection may have open at a time. */
  private static final long MAX_CONCURRENT_STREAMS = 256;

  /** Longest request line; it holds the path and the query. */
  static final int MAX_LINE_BYTES = 8 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(GatewayServer.class);

  private final Vertx vertx;
  private final GatewaySettings settings;
  private final InstantSource clock;
  private final List<RequestRun.Gate> gates = new ArrayList<>();
  private final List<Listener> listeners = new ArrayList<>();

  /** What the certificate files last held, usable or not. */
  private @Nullable CertificateFiles seen;

  private boolean isUnreadable;

  /** Where it is noted what happened. */
  public record Notes(LastUsed lastUsed, RequestLog requests, Metrics metrics) {}

  public GatewayServer(
      Vertx vertx,
      GatewaySettings settings,
      LiveState live,
      RateLimits limits,
      Notes notes,
      InstantSource clock) {
    this.vertx = vertx;
    this.settings = settings;
    this.clock = clock;
    KeyScope keyScope = new KeyScope(limits);
    FrontDoor frontDoor = new FrontDoor(live, notes.lastUsed(), keyScope);
    BufferBudget budget = new BufferBudget(settings.maxBuffered());
    notes
        .metrics()
        .gauge(
            "keygate.buffered.bytes",
            "Memory taken by bodies of requests under way, and by answers that are read whole",
            () -> settings.maxBuffered() - budget.free());
    Meters meters = new Meters(notes.metrics());
    for (int i = 0; i < settings.eventLoops(); i++) {
      gates.add(
          new RequestRun.Gate(
              frontDoor,
              keyScope,
              settings,
              budget,
              new Refusals(System::nanoTime),
              meters,
              new RequestMemo(notes.requests().lane(), clock, System::nanoTime)));
    }
  }

  /**
   * Listens on every event loop; completes with the port. Reads the certificate files.
   *
   * @throws IllegalStateException saying why they cannot be used
   */
  public Future<Integer> start() {
    seen = certificate().orElse(null);
    gates.forEach(gate -> listeners.add(new Listener(options(seen), gate, clock)));
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

  /**
   * Uses the certificate files for connections from now on, when they have changed. Files that
   * cannot be used are logged, once, and the certificate stays as it was. Blocks; called by one
   * thread at a time, and not by an event loop.
   */
  public void reloadCertificate() {
    GatewaySettings.Tls tls = settings.tls().orElse(null);
    if (tls == null) {
      return;
    }
    try {
      CertificateFiles found = CertificateFiles.read(tls);
      if (!found.equals(seen)) {
        seen = found;
        found.verify(vertx);
        ServerSSLOptions ssl = options(found).getSslOptions();
        Future.join(listeners.stream().map(one -> one.certificate(ssl)).toList())
            .toCompletionStage()
            .toCompletableFuture()
            .join();
        LOG.info("serving the certificate in {} from now on", tls.certificate());
      }
      isUnreadable = false;
    } catch (IOException e) {
      if (!isUnreadable) {
        isUnreadable = true;
        LOG.error("cannot read the new certificate and keeps the old: {}", e.toString());
      }
    } catch (GeneralSecurityException | CompletionException e) {
      LOG.error(
          "cannot use the new certificate in {} and keeps the old: {}",
          tls.certificate(),
          e.getMessage());
    }
  }

  private Optional<CertificateFiles> certificate() {
    return settings
        .tls()
        .map(tls -> {
          try {
            CertificateFiles files = CertificateFiles.read(tls);
            files.verify(vertx);
            return files;
          } catch (IOException e) {
            throw new IllegalStateException("cannot read " + e.getMessage(), e);
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                "cannot use the certificate in " + tls.certificate() + ": " + e.getMessage(), e);
          }
        });
  }

  private HttpServerOptions options(@Nullable CertificateFiles certificate) {
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
            // No surface is a WebSocket; without these, two handlers fewer see each message.
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setHttp2ClearTextEnabled(true)
            .setInitialSettings(
                new Http2Settings()
                    .setMaxConcurrentStreams(MAX_CONCURRENT_STREAMS)
                    .setMaxHeaderListSize(settings.maxHeaderBytes()));
    if (certificate != null) {
      options
          .setSsl(true)
          .setUseAlpn(true)
          .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
          .setKeyCertOptions(certificate.options());
    }
    return options;
  }
}
