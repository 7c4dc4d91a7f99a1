package dev.keygate.ai;

import dev.keygate.ai.catalog.Catalog;
import dev.keygate.exchange.ClientConnection;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Refusal;
import dev.keygate.exchange.RequestHead;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.live.LiveState;
import dev.keygate.live.ProviderKey;
import dev.keygate.policy.Authorization;
import dev.keygate.policy.Compilation;
import dev.keygate.policy.OpenRelay;
import dev.keygate.policy.PolicyCompiler;
import dev.keygate.policy.TrafficPolicy;
import dev.keygate.policy.expression.Expressions;
import dev.keygate.ratelimit.RateLimits;
import dev.keygate.secret.Secret;
import dev.keygate.telemetry.Metrics;
import dev.keygate.usage.LastUsed;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.Closeable;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** An ai-gateway action over real sockets, and requests to it, without a listener in front. */
final class GatewayFixture implements Closeable {
  static final String CHAT = "/v1/chat/completions";
  static final String HELLO = "{\"model\":\"gpt-4o\",\"messages\":[]}";

  final Vertx vertx = Vertx.vertx();
  final LiveState live = new LiveState(InstantSource.system(), Duration.ofSeconds(60));
  private volatile InstantSource keyUse = InstantSource.system();
  final LastUsed lastUsed = new LastUsed(() -> keyUse.instant());
  final TrafficWindows windows = new TrafficWindows();
  final Metrics metrics = new Metrics();
  final Upstream upstream;
  private final AtomicLong passed = new AtomicLong();
  private final Context context = vertx.getOrCreateContext();
  private final Map<String, BaseUrl> moved = new HashMap<>();
  private final Map<String, List<ProviderKey>> managed = new HashMap<>();

  GatewayFixture() {
    this(List.of());
  }

  GatewayFixture(List<X509Certificate> extraRoots) {
    UpstreamSettings standard = UpstreamSettings.DEFAULT;
    upstream =
        new Upstream(
            vertx,
            new UpstreamSettings(
                Duration.ofSeconds(2),
                standard.keepAlive(),
                standard.maxConnections(),
                16 * 1024,
                Duration.ofMillis(5),
                extraRoots),
            this::now);
  }

  /** Lets time pass for what waits and what rests. */
  void pass(Duration time) {
    passed.addAndGet(time.toNanos());
  }

  /** Has the use of keys noted by another clock; one that throws fails the attempt. */
  void keyUse(InstantSource clock) {
    keyUse = clock;
  }

  private long now() {
    return System.nanoTime() + passed.get();
  }

  /** What became of a request: the outcome, and the whole body or how it broke. */
  record Result(Outcome outcome, String body, @Nullable Throwable broken, Exchange exchange) {
    Response response() {
      return ((Outcome.Respond) outcome).response();
    }

    int status() {
      return response().status();
    }

    @Nullable String header(String name) {
      return response().headers().get(name);
    }

    Refusal refusal() {
      return ((Outcome.Refuse) outcome).refusal();
    }

    AttemptStory story() {
      return (AttemptStory) Objects.requireNonNull(exchange.results().get(AttemptStory.NAME));
    }
  }

  /** Points a built-in provider at a fake one and gives it managed keys. */
  GatewayFixture provider(String id, BaseUrl url, String... keys) {
    moved.put(id, url);
    managed.put(
        id,
        IntStream.range(0, keys.length)
            .mapToObj(i -> new ProviderKey("aigpk_" + id + i, id, Secret.of(keys[i])))
            .toList());
    live.publishManaged(managed);
    return this;
  }

  AiGateway gateway() {
    return gateway(AiGatewayConfig.DEFAULT);
  }

  AiGateway gateway(AiGatewayConfig config) {
    return gateway(config, new Catalogs(Catalog.builtIn(), null, moved));
  }

  AiGateway gateway(AiGatewayConfig config, Catalogs catalogs) {
    return new AiGateway(config, shared(catalogs));
  }

  private AiGateway.Shared shared(Catalogs catalogs) {
    return new AiGateway.Shared(
        live,
        catalogs,
        upstream,
        lastUsed,
        RateLimits.local(1 << 20, System::nanoTime),
        windows,
        new KeyHealth(this::now, metrics));
  }

  /** The problems of a policy with one ai-gateway action, whose configuration this is. */
  List<String> problems(String config) {
    return compile(config).errors().stream().map(Object::toString).toList();
  }

  List<String> warnings(String config) {
    return compile(config).warnings().stream().map(Object::toString).toList();
  }

  /** A policy with one ai-gateway action, whose configuration this is. */
  TrafficPolicy policy(String config) {
    Compilation compiled = compile(config);
    return Optional.ofNullable(compiled.policy())
        .orElseThrow(() -> new AssertionError(compiled.errors()));
  }

  private Compilation compile(String config) {
    String document = "on_http_request:\n- type: ai-gateway\n  config:\n" + config.indent(4);
    return new PolicyCompiler(
            new Expressions(live.secrets().forSaved(), InstantSource.system()),
            List.of(
                new AiGatewayType(
                    shared(new Catalogs(Catalog.builtIn(), null, moved)), InstantSource.system())))
        .compile(document, OpenRelay.ALLOW);
  }

  /** Runs the request through a policy and reads its answer to the end. */
  Result run(TrafficPolicy policy, Exchange exchange) {
    Promise<Outcome> outcome = Promise.promise();
    context.runOnContext(go -> settle(policy.onHttpRequest(exchange), outcome));
    return await(outcome.future().compose(known -> read(known, exchange)));
  }

  private static void settle(Outcome outcome, Promise<Outcome> settled) {
    switch (outcome) {
      case Outcome.Pending(Future<Outcome> pending) ->
          pending.onSuccess(next -> settle(next, settled)).onFailure(settled::fail);
      case Outcome now -> settled.complete(now);
    }
  }

  static AiGatewayConfig config(Duration perRequest, Duration total) {
    return new AiGatewayConfig(
        Authorization.API_KEY, perRequest, total, AiGatewayConfig.OnError.HALT, List.of());
  }

  static AiGatewayConfig config(Authorization authorization, ProviderConfig... providers) {
    AiGatewayConfig standard = AiGatewayConfig.DEFAULT;
    return new AiGatewayConfig(
        authorization,
        standard.perRequestTimeout(),
        standard.totalTimeout(),
        standard.onError(),
        List.of(providers));
  }

  static Exchange post(String path, String body, String... headers) {
    return exchange("POST", path, Buffer.buffer(body), headers);
  }

  static Exchange get(String path, String... headers) {
    return exchange("GET", path, Buffer.buffer(), headers);
  }

  static Exchange exchange(String method, String target, Buffer body, String... headers) {
    MultiMap map = HttpHeaders.headers();
    map.add("host", "gateway.example").add("content-type", "application/json");
    for (int i = 0; i < headers.length; i += 2) {
      map.set(headers[i], headers[i + 1]);
    }
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    String query = question < 0 ? null : target.substring(question + 1);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    Exchange exchange =
        new Exchange(
            "req_test",
            new ClientConnection(loopback, 1, loopback, 2, "", "", Instant.EPOCH),
            new RequestHead(method, "gateway.example", path, query, "HTTP/1.1", map),
            System.nanoTime());
    exchange.body(body);
    return exchange;
  }

  /** Runs the request on the event loop and reads its answer to the end. */
  Result run(AiGateway gateway, Exchange exchange) {
    return await(start(gateway, exchange).compose(outcome -> read(outcome, exchange)));
  }

  Result chat(AiGateway gateway) {
    return run(gateway, post(CHAT, HELLO));
  }

  /** Runs the request on the event loop, without reading the answer's body. */
  Future<Outcome> start(AiGateway gateway, Exchange exchange) {
    Promise<Outcome> outcome = Promise.promise();
    context.runOnContext(go -> settle(gateway.apply(exchange), outcome));
    return outcome.future();
  }

  void onEventLoop(Runnable step) {
    context.runOnContext(go -> step.run());
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  static Future<Result> read(Outcome outcome, Exchange exchange) {
    if (!(outcome instanceof Outcome.Respond(Response response))) {
      return Future.succeededFuture(new Result(outcome, "", null, exchange));
    }
    return switch (response.body()) {
      case ResponseBody.Whole(Buffer bytes) ->
          Future.succeededFuture(new Result(outcome, bytes.toString(), null, exchange));
      case ResponseBody.Streamed streamed -> {
        Promise<Result> done = Promise.promise();
        Buffer all = Buffer.buffer();
        streamed.source().handler(all::appendBuffer);
        streamed
            .source()
            .endHandler(end -> done.complete(new Result(outcome, all.toString(), null, exchange)));
        streamed
            .source()
            .exceptionHandler(
                cause -> done.complete(new Result(outcome, all.toString(), cause, exchange)));
        streamed.source().resume();
        yield done.future();
      }
    };
  }

  @Override
  public void close() {
    await(upstream.close());
    await(vertx.close());
  }
}
