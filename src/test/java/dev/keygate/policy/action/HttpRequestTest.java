package dev.keygate.policy.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.policy.Exchanges;
import dev.keygate.policy.OpenRelay;
import dev.keygate.policy.Policies;
import dev.keygate.policy.PolicyCompiler;
import dev.keygate.policy.Runs;
import dev.keygate.policy.TrafficPolicy;
import dev.keygate.ratelimit.RateLimits;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class HttpRequestTest {
  private static final String POLICY =
      """
      on_http_request:
        - actions:
            - type: set-vars
              config: {vars: [{name: jo}]}
            - type: http-request
              config:
                url: https://e.com/check?a=1
                method: post
                query_params: [{key: "u u", value: "${vars.name}&"}]
                headers: {X-Id: "${req.id}"}
                body: '{"m": "${req.method}"}'
                timeout: 2s
                on_error: ON_ERROR
        - expressions: ["actions.ngrok.http_request.res.status_code == 200"]
          actions: [{type: custom-response, config: {body: "${actions.ngrok.http_request.res.body} ${vars.name}"}}]
        - expressions: ["actions.ngrok.http_request.error.code != ''"]
          actions: [{type: deny, config: {status_code: 503}}]
      """;

  private final List<HttpCall.Request> asked = new ArrayList<>();
  private final Promise<HttpCall.Answer> answer = Promise.promise();
  private long nanos;

  @Test
  void theRequestSaysWhatThePolicySays() {
    run("continue");
    assertThat(asked)
        .singleElement()
        .satisfies(request -> {
          assertThat(request.method()).isEqualTo("POST");
          assertThat(request.url()).isEqualTo("https://e.com/check?a=1&u+u=jo%26");
          assertThat(request.headers().get("x-id")).isEqualTo("req_1");
          assertThat(request.body().toString()).isEqualTo("{\"m\": \"GET\"}");
          assertThat(request.timeout()).isEqualTo(Duration.ofSeconds(2));
        });
  }

  @Test
  void laterRulesWaitForTheAnswerAndReadIt() {
    Outcome outcome = run("continue");
    assertThat(outcome).isInstanceOf(Outcome.Pending.class);
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    answer.complete(new HttpCall.Answer(200, headers, Buffer.buffer("yes"), "192.0.2.1"));
    assertThat(Runs.settled(outcome))
        .isInstanceOfSatisfying(
            Outcome.Respond.class,
            respond -> assertThat(Runs.text(respond.response())).isEqualTo("yes jo"));
  }

  @Test
  void withoutAnAnswerTheRulesGoOnOrTheRequestIsRefused() {
    answer.fail("timed out");
    assertThat(Runs.settled(run("continue")))
        .isInstanceOfSatisfying(
            Outcome.Respond.class,
            respond -> assertThat(respond.response().status()).isEqualTo(503));
    assertThat(Runs.settled(run("halt"))).isInstanceOf(Outcome.Refuse.class);
  }

  @Test
  void aFailureThatIsNoAnswerRefuses() {
    HttpCall broken = (request, maxBytes) -> Future.failedFuture(new IllegalStateException("bug"));
    Exchange exchange = Exchanges.get("/");
    Outcome outcome =
        policy(broken, POLICY.replace("ON_ERROR", "halt"), () -> 0).onHttpRequest(exchange);
    assertThat(Runs.settled(outcome)).isInstanceOf(Outcome.Refuse.class);
  }

  /** Answers with these statuses in turn, 0 for none, the last one again and again. */
  private Outcome retried(String condition, int... statuses) {
    HttpCall call =
        (request, maxBytes) -> {
          asked.add(request);
          nanos += 500_000_000;
          int status = statuses[Math.min(asked.size(), statuses.length) - 1];
          return status == 0
              ? Future.failedFuture("refused")
              : Future.succeededFuture(
                  new HttpCall.Answer(
                      status,
                      MultiMap.caseInsensitiveMultiMap().add("x-try", "again"),
                      Buffer.buffer("b" + asked.size()),
                      "192.0.2.1"));
        };
    String document = POLICY.replace("ON_ERROR", "halt\n          retry_condition: " + condition);
    return Runs.settled(policy(call, document, () -> nanos).onHttpRequest(Exchanges.get("/")));
  }

  @Test
  void anAttemptIsRepeatedWhileTheConditionHolds() {
    assertThat(retried("last_attempt.res.status_code >= 500", 500, 0, 502, 200)).isNotNull();
    assertThat(asked).hasSize(2); // no answer is no status
    asked.clear();
    Outcome outcome =
        retried("last_attempt.error != '' || last_attempt.res.status_code >= 500", 0, 502, 200);
    assertThat(asked).hasSize(3);
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Respond.class,
            respond -> assertThat(Runs.text(respond.response())).isEqualTo("b3 jo"));
  }

  @Test
  void thereAreThreeRetriesWithinTheTimeoutAndNoMore() {
    retried("attempts > 0", 200);
    assertThat(asked).hasSize(4);
    assertThat(asked.stream().map(HttpCall.Request::timeout))
        .containsExactly(
            Duration.ofSeconds(2),
            Duration.ofMillis(1500),
            Duration.ofSeconds(1),
            Duration.ofMillis(500));
    asked.clear();
    retried("attempts < 2", 200);
    assertThat(asked).hasSize(2);
    asked.clear();
    retried(
        "last_attempt.req.method == 'POST' && last_attempt.res.header['x-try'][0] == 'again'"
            + " && last_attempt.res.body == 'b1'",
        200);
    assertThat(asked).hasSize(2);
  }

  @Test
  void aConditionThatCannotBeToldRefuses() {
    assertThat(retried("last_attempt.res.nothing == 1", 200)).isInstanceOf(Outcome.Refuse.class);
    assertThat(asked).hasSize(1);
  }

  @Test
  void attemptsAreReadInTheirConditionOnly() {
    for (String wrong :
        List.of(
            POLICY.replace("ON_ERROR", "halt\n          retry_condition: attempts + 1"),
            POLICY.replace("actions.ngrok.http_request.error.code != ''", "attempts == 1"))) {
      assertThat(
              new PolicyCompiler(Policies.EXPRESSIONS, Policies.types())
                  .compile(wrong.replace("ON_ERROR", "halt"), OpenRelay.REFUSE)
                  .policy())
          .isNull();
    }
  }

  private Outcome run(String onError) {
    HttpCall call =
        (request, maxBytes) -> {
          asked.add(request);
          return answer.future();
        };
    return policy(call, POLICY.replace("ON_ERROR", onError), () -> 0)
        .onHttpRequest(Exchanges.get("/"));
  }

  private static TrafficPolicy policy(HttpCall call, String document, LongSupplier nanoTime) {
    PolicyCompiler compiler =
        new PolicyCompiler(
            Policies.EXPRESSIONS,
            StandardActions.all(
                call,
                InstantSource.fixed(Exchanges.NOW),
                nanoTime,
                RateLimits.local(1 << 20, () -> 0),
                Policies.IP_POLICIES));
    return Objects.requireNonNull(compiler.compile(document, OpenRelay.REFUSE).policy());
  }
}
