package expression;

import dev.keygate.endpoint.Endpoint;
import dev.keygate.endpoint.HostPattern;
import dev.keygate.exchange.ClientConnection;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.RequestHead;
import dev.keygate.key.KeyLimits;
import dev.keygate.live.KeyLimitsJson;
import dev.keygate.policy.OpenRelay;
import dev.keygate.policy.PolicyCompiler;
import dev.keygate.policy.TrafficPolicy;
import dev.keygate.policy.expression.Expressions;
import dev.keygate.policy.expression.SecretSource;
import dev.keygate.ratelimit.Limit;
import dev.keygate.ratelimit.Limiter;
import dev.keygate.ratelimit.QuotaHeaders;
import dev.keygate.ratelimit.RateLimits;
import dev.keygate.ratelimit.Verdict.Decision;
import dev.keygate.server.ActionTypes;
import io.vertx.core.MultiMap;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a rate limit and a key's limits cost a request. Each is measured on a new exchange, whose own
 * cost is {@code nothing}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class LimitCost {
  private static final String POLICY =
      """
      on_http_request:
        - actions:
            - type: rate-limit
              config:
                name: per client
                algorithm: sliding_window
                rate: 2000000000/min
                bucket_key: ["req.headers['authorization'][0]"]
      """;

  private final InetAddress address = InetAddress.ofLiteral("198.51.100.7");
  private final ClientConnection connection =
      new ClientConnection(address, 50_000, address, 443, "TLSv1.3", "", Instant.EPOCH);
  private final MultiMap headers =
      MultiMap.caseInsensitiveMultiMap()
          .add("host", "ai.example.com")
          .add("content-type", "application/json")
          .add("authorization", "Bearer ng-0123456789abcdef-g1-" + "x".repeat(38));
  private final Endpoint endpoint =
      new Endpoint(
          "ep_1", new HostPattern("ai.example.com", false, 0), "https://ai.example.com", true, false);

  private final TrafficPolicy policy =
      new PolicyCompiler(
              new Expressions(SecretSource.NONE, InstantSource.system()),
              ActionTypes.offline(InstantSource.system()))
          .compile(POLICY, OpenRelay.ALLOW)
          .policy();

  private final KeyLimits scope =
      KeyLimitsJson.read(
          """
          {"requests_per_minute": 2000000000, "allowed_models": ["gpt-4o"],
           "allowed_providers": ["openai"], "allowed_cidrs": ["10.0.0.0/8", "198.51.100.0/24"]}""");
  private final RateLimits limits = RateLimits.local(1 << 20, System::nanoTime);
  private final Limiter requests =
      limits.limits().limiter(new Limit("key requests", Duration.ofMinutes(1)));
  private final QuotaHeaders quota = new QuotaHeaders("requests");

  @Benchmark
  public Exchange nothing() {
    return request();
  }

  @Benchmark
  public Outcome rateLimit() {
    return policy.onHttpRequest(request());
  }

  @Benchmark
  public boolean keyScopes() {
    Exchange exchange = request();
    Decision decision =
        (Decision)
            requests.take(
                limits.hash().of("aigk_2xkZFzUqBBNqvBYkC9a0gqVqGmT"),
                1,
                scope.requestsPerMinute());
    quota.addTo(exchange::addAnswerHeader, scope.requestsPerMinute(), decision);
    return scope.allowsFrom(connection.client())
        && scope.allowedModels().contains("gpt-4o")
        && scope.allowedProviders().contains("openai");
  }

  private Exchange request() {
    RequestHead head =
        new RequestHead(
            "POST", "ai.example.com", "/v1/chat/completions", null, "HTTP/1.1", headers);
    Exchange exchange = new Exchange("req_1", connection, head, 0);
    exchange.endpoint(endpoint);
    return exchange;
  }
}
