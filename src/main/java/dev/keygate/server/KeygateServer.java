package dev.keygate.server;

import dev.keygate.ai.AiGateway;
import dev.keygate.ai.KeyHealth;
import dev.keygate.ai.TrafficWindows;
import dev.keygate.ai.Upstream;
import dev.keygate.ai.catalog.Catalog;
import dev.keygate.cluster.Membership;
import dev.keygate.control.ControlParts;
import dev.keygate.control.ControlServer;
import dev.keygate.gateway.GatewayServer;
import dev.keygate.identifier.Identifiers;
import dev.keygate.live.ChangeFollower;
import dev.keygate.live.Clocks;
import dev.keygate.live.LiveState;
import dev.keygate.live.ProviderKeyLoader;
import dev.keygate.live.VaultLoader;
import dev.keygate.ratelimit.RateLimits;
import dev.keygate.secret.Envelope;
import dev.keygate.store.SqlStore;
import dev.keygate.store.Store;
import dev.keygate.telemetry.Logging;
import dev.keygate.telemetry.Metrics;
import dev.keygate.usage.Journal;
import dev.keygate.usage.LastUsed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.io.PrintWriter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running node: the composition root. {@link #start} makes every part with its constructor, in
 * the order in which they need each other; {@link #stop} takes them down in reverse.
 */
public final class KeygateServer {
  private static final Logger LOG = LoggerFactory.getLogger(KeygateServer.class);
  private static final Duration HALF_A_SECOND = Duration.ofMillis(500);
  private static final Duration EVERY_SECOND = Duration.ofSeconds(1);
  private static final Duration EVERY_TEN_SECONDS = Duration.ofSeconds(10);
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

  private final ServerSettings settings;
  private final Closing parts;
  private final Readiness readiness;
  private final GatewayServer gateway;
  private final int gatewayPort;
  private final int controlPort;

  private KeygateServer(
      ServerSettings settings,
      Closing parts,
      Readiness readiness,
      GatewayServer gateway,
      int gatewayPort,
      int controlPort) {
    this.settings = settings;
    this.parts = parts;
    this.readiness = readiness;
    this.gateway = gateway;
    this.gatewayPort = gatewayPort;
    this.controlPort = controlPort;
  }

  /**
   * Starts a node, and tells a person what to do next. Returns when it is ready.
   *
   * @param environment for provider keys and the master key
   * @throws StartFailedException saying what is wrong and what would help; nothing is left running
   */
  public static KeygateServer start(
      ServerSettings settings, Map<String, String> environment, PrintWriter out) {
    Logging.configure(
        settings.logs().level(), settings.logs().json() ? Logging.Form.JSON : Logging.Form.TEXT);
    Closing parts = new Closing();
    try {
      return assemble(settings, environment, out, parts);
    } catch (StartFailedException e) {
      parts.close();
      throw e;
    } catch (RuntimeException e) {
      parts.close();
      throw new StartFailedException("Keygate cannot start: " + e.getMessage(), e);
    }
  }

  private static KeygateServer assemble(
      ServerSettings settings, Map<String, String> environment, PrintWriter out, Closing parts) {
    InstantSource clock = InstantSource.system();
    Identifiers identifiers = new Identifiers(clock);
    Metrics metrics = new Metrics();

    // Read while the store opens: neither needs the other.
    CompletableFuture<Catalog> builtIn =
        CompletableFuture.supplyAsync(Catalog::builtIn, Thread::startVirtualThread);

    // The store and what its secrets are sealed with: without them there is nothing to serve.
    DataDirectory data = DataDirectory.open(settings.dataDir());
    if (settings.databaseUrl().isEmpty()) {
      parts.add(data.lockDatabase());
    }
    Store store = parts.add(SqlStore.open(data.storeSettings(settings.databaseUrl())));
    Envelope envelope = data.envelope(environment, store);

    // Where providers are; the demo's stands in where there is no key.
    Providers providers = parts.add(Providers.of(builtIn.join(), settings, environment));

    // What requests are served from.
    LiveState live = new LiveState(clock, settings.timeouts().maxKeyAge());
    metrics.gauge("keygate.keys", "Gateway API keys in memory", () -> live.keys().size());
    metrics.gauge(
        "keygate.retired.token.refusals",
        "Uses of tokens that were deleted or rotated out, since start",
        () -> live.keys().retired().refusals());
    metrics.gauge(
        "keygate.view.age.seconds",
        "How old the view of the database is",
        () -> live.freshness().age() / 1e9);
    LastUsed gatewayKeyUse = new LastUsed(clock);
    LastUsed providerKeyUse = new LastUsed(clock);
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(loops(settings)));
    Scheduling scheduling = new Scheduling();
    ((VertxInternal) vertx)
        .nettyEventLoopGroup()
        .forEach(loop -> loop.execute(scheduling::promptly));
    parts.add(() -> await(vertx.close()));
    Upstream upstream = new Upstream(vertx, providers.upstreamSettings());
    parts.add(() -> await(upstream.close()));
    RateLimits rateLimits =
        new Counting(vertx, envelope, identifiers, metrics).start(settings.counting(), parts);
    KeyHealth keyHealth = new KeyHealth(System::nanoTime, metrics);
    metrics.gauge(
        "keygate.provider.keys.resting", "Provider keys that are set aside", keyHealth::size);
    Policies policies =
        new Policies(
            new AiGateway.Shared(
                live,
                providers.catalogs(),
                upstream,
                providerKeyUse,
                rateLimits,
                new TrafficWindows(),
                keyHealth),
            rateLimits,
            clock);

    Journal journal = data.journal(() -> identifiers.next("seg"));
    UsageWriter usage = new UsageWriter(store, journal, identifiers, System::nanoTime);
    usage.resume();
    metrics.gauge(
        "keygate.requests.forgotten", "Requests missing in the request log", journal::lost);

    // The gateway listens first: the default endpoint is called by the port it gets. It serves
    // nothing yet, because no endpoint is known.
    GatewayServer gateway =
        new GatewayServer(
            vertx,
            Listening.gateway(settings, loops(settings)),
            live,
            rateLimits,
            new GatewayServer.Notes(gatewayKeyUse, journal, metrics),
            clock);
    int gatewayPort = await(gateway.start());
    Optional<FirstStart.Made> made =
        new FirstStart(store, identifiers, clock, data.path()).prepare(gatewayPort);

    parts.add(PeriodicTask.start("models", EVERY_TEN_SECONDS, providers.catalogs()::reload));
    parts.add(PeriodicTask.start("certificate", EVERY_TEN_SECONDS, gateway::reloadCertificate));

    // What keeps memory equal to the store, and brings to the store what memory learned.
    Optional<Membership> nodes =
        settings
            .databaseUrl()
            .map(url ->
                new Membership(
                    store,
                    identifiers.next("node"),
                    settings.timeouts().maxKeyAge(),
                    new Clocks(System::nanoTime, clock)));
    Following following =
        new Following(
            nodes,
            settings.timeouts().maxKeyAge(),
            told ->
                new ChangeFollower(
                    store,
                    live,
                    policies,
                    new ProviderKeyLoader(envelope, providers.environmentKeys()),
                    new VaultLoader(envelope),
                    told));
    following.start(parts);
    nodes.ifPresent(
        members -> metrics.gauge("keygate.nodes", "Nodes that share the database", members::alive));
    LastUsedWriter lastUsed =
        new LastUsedWriter(store, gatewayKeyUse, providerKeyUse, live.keys().retired());
    parts.add(lastUsed::run);
    parts.add(PeriodicTask.start(scheduling::behind, "last-used", EVERY_SECOND, lastUsed));
    UsageTasks.start(parts, scheduling, journal, usage, HALF_A_SECOND);
    UsageRetention retention = new UsageRetention(store, clock, settings.requestRetention());
    parts.add(PeriodicTask.start("usage-retention", TEN_MINUTES, retention));
    parts.add(PeriodicTask.start("old-generation", EVERY_TEN_SECONDS, new OldGeneration()));

    // The control API last: what it publishes has somewhere to go.
    Readiness readiness = new Readiness(live.freshness());
    ControlServer control =
        new ControlServer(
            vertx,
            Listening.control(settings),
            new ControlParts(
                store,
                envelope,
                identifiers,
                clock,
                following::settle,
                policies,
                new KnownModels(providers.catalogs(), live, keyHealth),
                id -> providers.catalogs().current().providers().ids().contains(id),
                readiness::reasonsAgainst,
                metrics::scrape,
                scheme(settings.gateway())
                    + "://"
                    + reachable(settings.gateway())
                    + ":"
                    + gatewayPort));
    int controlPort = await(control.start());
    parts.add(control);
    KeygateServer server =
        new KeygateServer(settings, parts, readiness, gateway, gatewayPort, controlPort);
    new Greeting(
            server.gatewayScheme() + "://" + server.gatewayAddress(),
            server.controlScheme() + "://" + server.controlAddress(),
            data.path(),
            providers.simulatedIds(),
            made,
            defaultEndpointId(live))
        .print(out);
    return server;
  }

  /** The port of the gateway listener. */
  public int gatewayPort() {
    return gatewayPort;
  }

  /** The port of the control listener. */
  public int controlPort() {
    return controlPort;
  }

  String gatewayScheme() {
    return scheme(settings.gateway());
  }

  String controlScheme() {
    return scheme(settings.control());
  }

  /** Where a person on this machine reaches the gateway. */
  String gatewayAddress() {
    return reachable(settings.gateway()) + ":" + gatewayPort;
  }

  String controlAddress() {
    return reachable(settings.control()) + ":" + controlPort;
  }

  /** Tells load balancers, lets open answers end until the deadline, then closes everything. */
  public void stop() {
    readiness.draining();
    int cut = await(gateway.drain(settings.timeouts().drain()));
    if (cut > 0) {
      LOG.warn("stopped; {} answers were cut at the deadline of --drain-timeout", cut);
    } else {
      LOG.info("stopped; every answer was finished");
    }
    parts.close();
  }

  private static String defaultEndpointId(LiveState live) {
    return live.endpoints()
        .filter(one -> one.endpoint().isDefault())
        .map(one -> one.endpoint().id())
        .findFirst()
        .orElse("ep_…");
  }

  private static String scheme(ServerSettings.Listener listener) {
    return listener.tlsCert().isPresent() ? "https" : "http";
  }

  private static String reachable(ServerSettings.Listener listener) {
    InetAddress address = listener.address().getAddress();
    if (address.isAnyLocalAddress()) {
      return "127.0.0.1";
    }
    return address instanceof Inet6Address
        ? "[" + address.getHostAddress() + "]"
        : address.getHostAddress();
  }

  private static int loops(ServerSettings settings) {
    return settings.eventLoops() > 0
        ? settings.eventLoops()
        : Runtime.getRuntime().availableProcessors();
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(cause.getMessage(), cause);
    }
  }
}
