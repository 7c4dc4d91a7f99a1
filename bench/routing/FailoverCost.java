package dev.keygate.ai;

import dev.keygate.exchange.ClientConnection;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.RequestHead;
import dev.keygate.live.LiveState;
import dev.keygate.live.ProviderKey;
import dev.keygate.ratelimit.RateLimits;
import dev.keygate.secret.Secret;
import dev.keygate.telemetry.Metrics;
import dev.keygate.usage.LastUsed;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What failing over from a dead provider costs the client beyond the connect failure: the time
 * between the failed attempt's end and the next one's start. Use: FailoverCost [requests].
 */
public final class FailoverCost {
  private FailoverCost() {}

  public static void main(String[] arguments) throws Exception {
    int requests = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
    Vertx vertx = Vertx.vertx();
    try (Socket dead = new Socket()) {
      // Bound and not listened at: every connection to it is refused.
      dead.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      HttpServer server =
          vertx
              .createHttpServer()
              .requestHandler(request ->
                  request.response().putHeader("content-type", "application/json").end("{}"))
              .listen(0, "127.0.0.1")
              .await(10, TimeUnit.SECONDS);
      AiGateway gateway = gateway(vertx, dead.getLocalPort(), server.actualPort());
      long[] failures = new long[requests];
      long[] costs = new long[requests];
      for (int i = 0; i < requests; i++) {
        List<AttemptRecord> attempts = attempts(vertx, gateway);
        if (attempts.size() != 2) {
          throw new IllegalStateException("expected a failure and an answer, got " + attempts);
        }
        AttemptRecord failed = attempts.getFirst();
        failures[i] = failed.firstByteNanos();
        costs[i] =
            attempts.getLast().startNanos() - failed.startNanos() - failed.firstByteNanos();
      }
      // What the first requests meet is a cold process.
      print("connect failure", Arrays.copyOfRange(failures, requests / 4, requests));
      print("failover beyond it", Arrays.copyOfRange(costs, requests / 4, requests));
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }

  private static AiGateway gateway(Vertx vertx, int deadPort, int port) {
    LiveState live = new LiveState(InstantSource.system(), Duration.ofSeconds(60));
    live.publishManaged(
        Map.of(
            "openai", List.of(new ProviderKey("aigpk_1", "openai", Secret.of("sk-1"))),
            "groq", List.of(new ProviderKey("aigpk_2", "groq", Secret.of("sk-2")))));
    Map<String, BaseUrl> moved =
        Map.of(
            "openai", BaseUrl.parse("http://127.0.0.1:" + deadPort),
            "groq", BaseUrl.parse("http://127.0.0.1:" + port));
    // A clock that leaps, so that no two failures are in a row and none is skipped.
    AtomicLong leaps = new AtomicLong();
    return new AiGateway(
        AiGatewayConfig.DEFAULT,
        new AiGateway.Shared(
            live,
            new Catalogs(null, moved),
            new Upstream(vertx, UpstreamSettings.DEFAULT),
            new LastUsed(InstantSource.system()),
            RateLimits.local(1 << 20, System::nanoTime),
            new TrafficWindows(),
            new KeyHealth(() -> leaps.addAndGet(KeyState.MEMORY_NANOS), new Metrics())));
  }

  private static List<AttemptRecord> attempts(Vertx vertx, AiGateway gateway) throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    MultiMap headers = HttpHeaders.headers().add("content-type", "application/json");
    Exchange exchange =
        new Exchange(
            "req_1",
            new ClientConnection(loopback, 1, loopback, 2, "", "", Instant.EPOCH),
            new RequestHead(
                "POST", "ai.example.com", "/v1/chat/completions", null, "HTTP/1.1", headers),
            System.nanoTime());
    exchange.body(Buffer.buffer("{\"model\":\"gpt-4o\",\"models\":[\"groq:x\"],\"messages\":[]}"));
    Promise<Outcome> done = Promise.promise();
    vertx.runOnContext(go ->
        ((Outcome.Pending) gateway.apply(exchange)).outcome().onComplete(done));
    done.future().await(10, TimeUnit.SECONDS);
    return AttemptStory.of(exchange).attempts();
  }

  private static void print(String what, long[] nanos) {
    Arrays.sort(nanos);
    System.out.printf(
        "%-20s median %6.1f µs, p99 %6.1f µs, max %6.1f µs%n",
        what,
        nanos[nanos.length / 2] / 1e3,
        nanos[nanos.length * 99 / 100] / 1e3,
        nanos[nanos.length - 1] / 1e3);
  }
}
