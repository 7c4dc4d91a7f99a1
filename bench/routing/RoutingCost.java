package dev.keygate.ai;

import dev.keygate.ai.ProviderConfig.KeyNeed;
import dev.keygate.endpoint.Endpoint;
import dev.keygate.endpoint.HostPattern;
import dev.keygate.exchange.ClientConnection;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Format;
import dev.keygate.exchange.RequestHead;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.exchange.Surface;
import dev.keygate.live.LiveState;
import dev.keygate.live.ProviderKey;
import dev.keygate.secret.Secret;
import dev.keygate.telemetry.Metrics;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * What routing costs a request with one candidate, one key and no strategy. {@code nothing} makes
 * the exchange, {@code forwarding} also scans the body and writes the request for a provider that
 * is known beforehand, {@code routing} finds that provider by the rules, asks whether its key is
 * well, and tells the story. What routing adds is the difference of the last two.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RoutingCost {
  private static final String BODY =
      "{\"model\":\"gpt-4o\",\"temperature\":0.2,\"max_tokens\":256,\"messages\":[{\"role\":\"user\","
          + "\"content\":\""
          + "Say in one sentence what a gateway is. ".repeat(6)
          + "\"}]}";

  private final InetAddress address = InetAddress.ofLiteral("198.51.100.7");
  private final ClientConnection connection =
      new ClientConnection(address, 50_000, address, 443, "TLSv1.3", "", Instant.EPOCH);
  private final MultiMap headers =
      HttpHeaders.headers()
          .add("host", "ai.example.com")
          .add("content-type", "application/json")
          .add("accept", "application/json")
          .add("user-agent", "OpenAI/Python 2.3.0")
          .add("authorization", "Bearer ng-0123456789abcdef-g1-" + "x".repeat(38));
  private final Endpoint endpoint =
      new Endpoint(
          "ep_1", new HostPattern("ai.example.com", false, 0), "https://ai.example.com", true, false);
  private final Buffer body = Buffer.buffer(BODY);

  private final LiveState live = new LiveState(InstantSource.system(), Duration.ofSeconds(60));
  private final ProviderKey key = new ProviderKey("aigpk_1", "openai", Secret.of("sk-" + "x".repeat(48)));
  private final Catalogs.Known known = new Catalogs(null, Map.of()).current();
  private final Candidates candidates;
  private final Map<String, RequestHeaders> requestHeaders = new HashMap<>();
  private final Selection selection;
  private final KeyChoice keyChoice;
  private final KeyHealth health = new KeyHealth(System::nanoTime, new Metrics());
  private final Attempt fixed;

  public RoutingCost() {
    live.publishManaged(Map.of("openai", List.of(key)));
    ModelTable models = new ModelTable(known.catalog(), known.providers(), AiGatewayConfig.DEFAULT);
    candidates = new Candidates(models, AiGatewayConfig.Access.ANY);
    for (Provider provider : known.providers().all()) {
      requestHeaders.put(provider.id(), new RequestHeaders(HeaderAllowList.with(List.of())));
    }
    selection =
        new Selection(
            AiGatewayConfig.Strategies.NONE,
            exchange -> {
              throw new IllegalStateException("there is no strategy");
            });
    keyChoice = new KeyChoice(live, selection);
    Candidate candidate = models.named("gpt-4o").getFirst();
    fixed = new Attempt(0, candidate, key, KeySource.MANAGED);
    if (candidate.provider().keyNeed() != KeyNeed.REQUIRED
        || candidate.provider().baseUrl(Format.OPENAI) == null) {
      throw new IllegalStateException("openai is not what it was");
    }
  }

  @Benchmark
  public Exchange nothing() {
    return request();
  }

  @Benchmark
  public MultiMap forwarding() throws Exception {
    Exchange exchange = request();
    TopLevelFields fields = RequestedModels.read(exchange, Surface.CHAT_COMPLETIONS);
    return sent(exchange, fields, fixed);
  }

  @Benchmark
  public AttemptStory routing() throws Exception {
    Exchange exchange = request();
    TopLevelFields fields = RequestedModels.read(exchange, Surface.CHAT_COMPLETIONS);
    List<String> names = List.of(fields.model());
    AttemptStory story = new AttemptStory(exchange, names, candidates);
    exchange.results().put(AttemptStory.NAME, story);
    var found =
        (Candidates.Resolution.Found) candidates.named(Surface.CHAT_COMPLETIONS, names);
    var left = (KeyScope.Scoped.Left) KeyScope.within(found.candidates(), exchange);
    var these =
        (Selection.Selected.These) selection.models(left.candidates(), found.order(), exchange);
    AttemptPlan plan =
        AttemptPlan.of(
            these.candidates(), provider -> keyChoice.keysFor(provider, exchange), story::drop);
    story.planned(plan);
    AttemptCourse course =
        new AttemptCourse(plan, health, story, TimeUnit.MINUTES.toNanos(3));
    Attempt attempt = course.first();
    course.sent();
    long start = System.nanoTime();
    MultiMap written = sent(exchange, fields, attempt);
    AttemptResult result = new AttemptResult.Answered(200, written, ResponseBody.EMPTY);
    long nanos = System.nanoTime() - start;
    health.ended(attempt, result, nanos);
    course.next(attempt, AttemptRule.after(result));
    AttemptRecord record =
        AttemptRecord.of(
            attempt, result, AttemptRecord.Verdict.SERVED, new AttemptRecord.Times(1, nanos));
    story.add(
        new AttemptStory.Made(
            record,
            attempt,
            result,
            new UpstreamRequest(
                attempt.candidate().provider().baseUrl(Format.OPENAI),
                HttpMethod.POST,
                exchange.path(),
                ignored -> {},
                body)));
    return story;
  }

  private MultiMap sent(Exchange exchange, TopLevelFields fields, Attempt attempt)
      throws Exception {
    Outgoing outgoing =
        new Outgoing(exchange, Surface.CHAT_COMPLETIONS, fields, requestHeaders, Extras.NONE, 0);
    UpstreamRequest request = outgoing.to(attempt);
    MultiMap written = HttpHeaders.headers();
    request.headers().accept(written);
    return written;
  }

  private Exchange request() {
    RequestHead head =
        new RequestHead(
            "POST", "ai.example.com", "/v1/chat/completions", null, "HTTP/1.1", headers);
    Exchange exchange = new Exchange("req_1", connection, head, 0);
    exchange.endpoint(endpoint);
    exchange.body(body);
    return exchange;
  }
}
