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
    Outcome outcome = policy(broken, "halt").onHttpRequest(exchange);
    assertThat(Runs.settled(outcome)).isInstanceOf(Outcome.Refuse.class);
  }

  private Outcome run(String onError) {
    HttpCall call =
        (request, maxBytes) -> {
          asked.add(request);
          return answer.future();
        };
    return policy(call, onError).onHttpRequest(Exchanges.get("/"));
  }

  private static TrafficPolicy policy(HttpCall call, String onError) {
    PolicyCompiler compiler =
        new PolicyCompiler(
            Policies.EXPRESSIONS,
            StandardActions.all(
                call,
                InstantSource.fixed(Exchanges.NOW),
                () -> 0,
                RateLimits.local(1 << 20, () -> 0),
                Policies.IP_POLICIES));
    String document = POLICY.replace("ON_ERROR", onError);
    return Objects.requireNonNull(compiler.compile(document, OpenRelay.REFUSE).policy());
  }
}
