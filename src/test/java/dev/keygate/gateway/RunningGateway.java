package dev.keygate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.endpoint.Endpoint;
import dev.keygate.endpoint.HostPattern;
import dev.keygate.key.GatewayKey;
import dev.keygate.key.KeyToken;
import dev.keygate.key.LookupId;
import dev.keygate.live.LiveEndpoint;
import dev.keygate.live.LiveState;
import dev.keygate.policy.TrafficPolicy;
import dev.keygate.ratelimit.RateLimits;
import dev.keygate.telemetry.Metrics;
import dev.keygate.usage.LastUsed;
import dev.keygate.usage.RequestLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A gateway on a free port, with a default endpoint and whatever else a test publishes. */
final class RunningGateway implements AutoCloseable {
  static final String ENDPOINT = "ep_1";
  static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");
  static final GatewaySettings SETTINGS =
      new GatewaySettings(
          "127.0.0.1",
          0,
          1,
          100_000,
          1_000_000,
          32 * 1024,
          100,
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          GatewaySettings.Proxies.NONE,
          Optional.empty());

  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final SecureRandom RANDOM = new SecureRandom();

  final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  final LiveState live;
  final LastUsed lastUsed = new LastUsed(InstantSource.fixed(NOW));
  final Metrics metrics = new Metrics();
  final GatewayServer server;
  final int port;

  private RunningGateway(GatewaySettings settings, Duration maxKeyAge) {
    live = new LiveState(InstantSource.fixed(NOW), maxKeyAge);
    server =
        new GatewayServer(
            vertx,
            settings,
            live,
            RateLimits.local(1 << 20, System::nanoTime),
            new GatewayServer.Notes(lastUsed, RequestLog.NONE, metrics),
            InstantSource.fixed(NOW));
    port = await(server.start());
  }

  static RunningGateway with(GatewaySettings settings, TrafficPolicy policy) {
    RunningGateway gateway = new RunningGateway(settings, Duration.ofSeconds(60));
    gateway.publish(ENDPOINT, "", policy);
    return gateway;
  }

  static RunningGateway with(TrafficPolicy policy) {
    return with(SETTINGS, policy);
  }

  /** Without any endpoint; the view of the keys is too old as soon as the store is away. */
  static RunningGateway forgetful() {
    return new RunningGateway(SETTINGS, Duration.ZERO);
  }

  /** Publishes an endpoint; one with an empty host is the default. */
  void publish(String id, String host, TrafficPolicy policy) {
    publish(new Endpoint(id, new HostPattern(host, false, 0), host, host.isEmpty(), false), policy);
  }

  void publish(Endpoint endpoint, TrafficPolicy policy) {
    live.publish(new LiveEndpoint(endpoint, policy));
  }

  /** A new key for the default endpoint. */
  String key() {
    return key(ENDPOINT, false, null);
  }

  String key(String endpointId, boolean disabled, @Nullable Instant expiresAt) {
    KeyToken token = KeyToken.generate(RANDOM);
    live.publish(
        new GatewayKey("aigk_" + token.lookupId(), endpointId, "", "", disabled, expiresAt),
        LookupId.of(token.lookupId()),
        token.hash());
    return token.reveal();
  }

  void delete(String key) {
    live.withdrawKey("aigk_" + key.substring(3, 19));
  }

  static String unknownKey() {
    return KeyToken.generate(RANDOM).reveal();
  }

  RawClient connect() {
    return RawClient.connect(port);
  }

  /** Sends one request on a connection of its own; returns the answer to it. */
  RawClient.Answer exchange(String request) {
    try (RawClient client = connect()) {
      return client.send(request).answer();
    }
  }

  /** Waits until request bodies take this much memory. */
  void awaitBuffered(long bytes) {
    awaitTrue(() -> metrics.scrape().contains("\nkeygate_buffered_bytes " + (double) bytes + "\n"));
  }

  static void awaitTrue(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - start).isLessThan(PATIENCE_NANOS);
      Thread.onSpinWait();
    }
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
