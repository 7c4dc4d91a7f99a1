package dev.keygate.policy.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Refusal;
import dev.keygate.policy.Exchanges;
import dev.keygate.policy.OpenRelay;
import dev.keygate.policy.Policies;
import dev.keygate.policy.PolicyCompiler;
import dev.keygate.policy.Runs;
import dev.keygate.policy.TrafficPolicy;
import dev.keygate.ratelimit.RateLimits;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitTest {
  private static final String POLICY =
      """
      on_http_request:
        - actions:
            - type: rate-limit
              config:
                name: per "user"
                algorithm: sliding_window
                capacity: 2
                rate: 60s
                bucket_key: ["req.headers['x-user'][0]", req.method]
      """;

  private final AtomicLong clock = new AtomicLong(5);
  private final PolicyCompiler compiler =
      new PolicyCompiler(
          Policies.EXPRESSIONS,
          StandardActions.all(
              HttpCall.NONE,
              InstantSource.fixed(Exchanges.NOW),
              clock::get,
              RateLimits.local(1 << 20, clock::get),
              Policies.IP_POLICIES));

  @Test
  void moreThanTheCapacityIsRefusedUntilTheWindowHasPassed() {
    TrafficPolicy policy = policy(POLICY);
    assertThat(run(policy, from("a"))).isEqualTo(Outcome.CONTINUE);
    clock.addAndGet(Duration.ofSeconds(20).toNanos());
    assertThat(run(policy, from("a"))).isEqualTo(Outcome.CONTINUE);
    Exchange third = from("a");
    Refusal refusal = refusal(run(policy, third));
    assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMITED);
    assertThat(refusal.retryAfterSeconds()).isEqualTo(40);
    assertThat(refusal.message())
        .isEqualTo("Too many requests: the limit is 2 in 1m. Try again in 40s.");
    assertThat(refusal.message() + refusal.logDetail()).doesNotContain("a-user");
    clock.addAndGet(Duration.ofSeconds(40).toNanos());
    assertThat(run(policy, from("a"))).isEqualTo(Outcome.CONTINUE);
  }

  @Test
  void everyAnswerTellsWhereTheClientStands() {
    TrafficPolicy policy = policy(POLICY);
    Exchange first = from("a");
    run(policy, first);
    assertThat(header(first, "RateLimit-Policy")).isEqualTo("\"per \\\"user\\\"\";q=2;w=60");
    assertThat(header(first, "RateLimit")).isEqualTo("\"per \\\"user\\\"\";r=1;t=60");
    run(policy, from("a"));
    clock.addAndGet(Duration.ofMillis(59_500).toNanos());
    Exchange third = from("a");
    run(policy, third);
    assertThat(header(third, "RateLimit")).isEqualTo("\"per \\\"user\\\"\";r=0;t=1");
  }

  @Test
  void eachCombinationOfValuesHasItsBucket() {
    TrafficPolicy policy = policy(POLICY);
    for (String user : List.of("a", "b", "")) {
      run(policy, from(user));
      run(policy, from(user));
      assertThat(run(policy, from(user))).isInstanceOf(Outcome.Refuse.class);
    }
    Exchange put = Exchanges.request("PUT", "/", "", "X-USER", "a");
    assertThat(run(policy, put)).isEqualTo(Outcome.CONTINUE);
  }

  @Test
  void aSecondHeaderLineDoesNotMakeAnotherClient() {
    TrafficPolicy policy = policy(POLICY);
    run(policy, from("a"));
    run(policy, from("a"));
    Exchange twice = Exchanges.request("GET", "/", "", "x-user", "a", "X-User", "b");
    assertThat(run(policy, twice)).isInstanceOf(Outcome.Refuse.class);
  }

  @Test
  void savedAgainUnchangedItGoesOnCounting() {
    TrafficPolicy before = policy(POLICY);
    run(before, from("a"));
    run(before, from("a"));
    TrafficPolicy same = policy("# a comment\n" + POLICY);
    assertThat(run(same, from("a"))).isInstanceOf(Outcome.Refuse.class);
    TrafficPolicy larger = policy(POLICY.replace("capacity: 2", "capacity: 3"));
    assertThat(run(larger, from("a"))).isEqualTo(Outcome.CONTINUE);
    assertThat(run(larger, from("a"))).isInstanceOf(Outcome.Refuse.class);
    TrafficPolicy other = policy(POLICY.replace("60s", "70s"));
    assertThat(run(other, from("a"))).isEqualTo(Outcome.CONTINUE);
  }

  @Test
  void twoThatSayTheSameCountSeparately() {
    String twice = POLICY + POLICY.substring(POLICY.indexOf("  - actions"));
    TrafficPolicy policy = policy(twice);
    assertThat(run(policy, from("a"))).isEqualTo(Outcome.CONTINUE);
    assertThat(run(policy, from("a"))).isEqualTo(Outcome.CONTINUE);
    assertThat(run(policy, from("a"))).isInstanceOf(Outcome.Refuse.class);
  }

  @Test
  void whenNotEnforcedItOnlyTells() {
    TrafficPolicy policy = policy(POLICY + "          enforce: false\n");
    run(policy, from("a"));
    run(policy, from("a"));
    Exchange third = from("a");
    assertThat(run(policy, third)).isEqualTo(Outcome.CONTINUE);
    assertThat(Runs.result(third, "rate_limit").get("limited")).isEqualTo(true);
    assertThat(third.answerHeaders()).isEmpty();
  }

  @Test
  void itsResultNamesTheBucketAndNotWhatItWasMadeOf() {
    Exchange exchange = from("s3cret");
    run(policy(POLICY), exchange);
    assertThat(Runs.result(exchange, "rate_limit").get("limited")).isEqualTo(false);
    String bucket = String.valueOf(Runs.result(exchange, "rate_limit").get("bucket_key"));
    assertThat(bucket).matches("[0-9a-f]{32}").doesNotContain("s3cret");
    Exchange again = from("s3cret");
    run(policy(POLICY), again);
    assertThat(Runs.result(again, "rate_limit").get("bucket_key")).isEqualTo(bucket);
  }

  @Test
  void whatIsMadeOfTheSameLettersIsNotTheSameBucket() {
    List<String> keys =
        List.of(
            "['a', 'b']",
            "['ab']",
            "['b', 'a']",
            "['a', ['b']]",
            "'[\"a\",\"b\"]'",
            "'ab'",
            "1",
            "'1'");
    List<String> buckets = keys.stream().map(this::bucket).toList();
    assertThat(buckets).doesNotHaveDuplicates();
    assertThat(keys.stream().map(this::bucket).toList()).isEqualTo(buckets);
  }

  private String bucket(String key) {
    String policy =
        POLICY.replace("[\"req.headers['x-user'][0]\", req.method]", "\n          - " + key(key));
    Exchange exchange = from("a");
    run(policy(policy), exchange);
    return String.valueOf(Runs.result(exchange, "rate_limit").get("bucket_key"));
  }

  /** The expression as YAML says it. */
  private static String key(String expression) {
    return "'" + expression.replace("'", "''") + "'";
  }

  @Test
  void laterRulesReadWhatWasDecided() {
    String reading =
        """
          - expressions:
              - "!actions.ngrok.rate_limit.limited"
              - "actions.ngrok.rate_limit.bucket_key.size() == 32"
              - "actions.ngrok.rate_limit.error.code == ''"
            actions:
              - type: deny
                config: {status_code: 418}
        """;
    Outcome outcome = run(policy(POLICY + reading), from("a"));
    assertThat(outcome).isInstanceOf(Outcome.Respond.class);
    assertThat(((Outcome.Respond) outcome).response().status()).isEqualTo(418);
  }

  @Test
  void aBucketThatCannotBeNamedRefusesTheRequest() {
    TrafficPolicy policy = policy(POLICY.replace("req.method", "vars.unset"));
    assertThat(refusal(run(policy, from("a"))).code()).isEqualTo(ErrorCode.POLICY_EVALUATION);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "100/min | 60 | 100",
        "5 / s | 1 | 5",
        "1/hour | 3600 | 1",
        "2000000000/d | 86400 | 2000000000",
      })
  void aRateMaySayTheCapacity(String text, long seconds, long capacity) {
    assertThat(Rate.parse(text)).isEqualTo(new Rate(Duration.ofSeconds(seconds), capacity));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "capacity: 2 | capacity: 0 | 7:21 0: expected 1 to 2000000000",
        "capacity: 2 | capacity: 2000000001 | 7:21 2000000001: expected 1 to 2000000000",
        "rate: 60s | rate: 59s | 8:17 the text '59s': expected 60s to 24h in steps of 10s, or a rate such as 100/min",
        "rate: 60s | rate: 65s | 8:17 the text '65s': expected 60s to 24h in steps of 10s, or a rate such as 100/min",
        "rate: 60s | rate: 24h10s | 8:17 the text '24h10s': expected 60s to 24h in steps of 10s, or a rate such as 100/min",
        "rate: 60s | rate: 5/week | 8:17 the text '5/week': unknown unit 'week': expected s, min, h or d, as in 100/min",
        "rate: 60s | rate: 5/min | 7:21 2: rate says 5; leave one of them out",
        "algorithm: sliding_window | algorithm: sliding_windw | 6:22 the text 'sliding_windw': expected sliding_window; did you mean 'sliding_window'?",
      })
  void whatIsWrongIsSaidWhereItStands(String from, String to, String problem) {
    assertThat(problems(POLICY.replace(from, to)))
        .singleElement()
        .satisfies(said ->
            assertThat(said.replaceFirst(" on_http.*config\\.[a-z]+:", "")).isEqualTo(problem));
  }

  @Test
  void theBucketKeyIsOneToTenExpressions() {
    String list = "bucket_key: [\"req.headers['x-user'][0]\", req.method]";
    assertThat(problems(POLICY.replace(list, "bucket_key: []")))
        .singleElement()
        .asString()
        .endsWith("0: expected 1 to 10");
    String eleven = "req.method, ".repeat(10) + "req.method";
    assertThat(problems(POLICY.replace(list, "bucket_key: [" + eleven + "]")))
        .singleElement()
        .asString()
        .endsWith("11: expected 1 to 10");
    assertThat(problems(POLICY.replace("rate: 60s", "rate: 2/min"))).isEmpty();
    assertThat(problems(POLICY.replace("          capacity: 2\n", "")))
        .singleElement()
        .asString()
        .endsWith("capacity is missing; write it, or a rate such as 100/min");
  }

  private List<String> problems(String document) {
    return compiler.compile(document, OpenRelay.REFUSE).problems().stream()
        .map(Object::toString)
        .toList();
  }

  private TrafficPolicy policy(String document) {
    return Objects.requireNonNull(compiler.compile(document, OpenRelay.REFUSE).policy());
  }

  private static Outcome run(TrafficPolicy policy, Exchange exchange) {
    return Runs.settled(policy.onHttpRequest(exchange));
  }

  private static Refusal refusal(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refuse.class);
    return ((Outcome.Refuse) outcome).refusal();
  }

  private static String header(Exchange exchange, String name) {
    return exchange.answerHeaders().stream()
        .filter(header -> header.name().toString().equalsIgnoreCase(name))
        .map(header -> header.value().toString())
        .findFirst()
        .orElse("");
  }

  private static Exchange from(String user) {
    return user.isEmpty() ? Exchanges.get("/") : Exchanges.request("GET", "/", "", "x-user", user);
  }
}
