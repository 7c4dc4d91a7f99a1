package dev.keygate.policy;

import static dev.keygate.policy.Policies.policy;
import static dev.keygate.policy.Policies.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import org.junit.jupiter.api.Test;

class PolicyCompilerTest {
  @Test
  void theDefaultPolicyIsABareAction() {
    TrafficPolicy policy = policy("on_http_request:\n  - type: ai-gateway\n");
    assertThat(policy.authorization()).isEqualTo(Authorization.API_KEY);
    assertThat(policy.onHttpRequest(Exchanges.get("/"))).isInstanceOf(Outcome.Respond.class);
    assertThat(policy.onTcpConnect(Exchanges.get("/"))).isEqualTo(Outcome.CONTINUE);
  }

  @Test
  void aPolicyWithoutAnAiGatewayAsksForNoKey() {
    assertThat(policy("on_http_request:\n- type: deny\n").authorization())
        .isEqualTo(Authorization.NONE);
  }

  @Test
  void jsonIsReadLikeYamlEvenWithTabs() {
    TrafficPolicy policy =
        policy(
            "{\n\t\"on_http_request\": [\n\t\t{\"type\": \"deny\", \"config\": {\"status_code\": 451}}]}");
    assertThat(status(policy, Exchanges.get("/"))).isEqualTo(451);
  }

  @Test
  void allProblemsAreReportedAtOnceWithTheirPlaces() {
    assertThat(
            problems(
                """
                on_http_requests: []
                on_http_request:
                  - expressions:
                      - req.methd == 'GET'
                      - req.url.path
                    actions:
                      - type: custom-respons
                      - type: deny
                        config:
                          status_code: 99
                          reason: no
                """))
        .containsExactly(
            "1:1 on_http_requests: unknown phase 'on_http_requests'; did you mean 'on_http_request'?",
            "4:9 on_http_request[0].expressions[0]: unknown variable 'req.methd'; did you mean 'req.method'?",
            "5:9 on_http_request[0].expressions[1]: the expression gives a text; expected true or false",
            "7:15 on_http_request[0].actions[0].type: unknown action 'custom-respons'; did you mean 'custom-response'?",
            "10:24 on_http_request[0].actions[1].config.status_code: 99: expected 400 to 599",
            "11:11 on_http_request[0].actions[1].config.reason: unknown field 'reason'; expected status_code");
  }

  @Test
  void aMissingHeaderComparesAsEmpty() {
    TrafficPolicy policy =
        policy(
            """
            on_http_request:
              - expressions: ["req.headers['authorization'][0] != 'Bearer ' + secrets.get('gateway', 'token')"]
                actions: [{type: deny, config: {status_code: 401}}]
              - type: ai-gateway
                config: {authorization: policy}
            """);
    assertThat(status(policy, Exchanges.get("/"))).isEqualTo(401);
    assertThat(
            status(
                policy, Exchanges.request("GET", "/", "", "Authorization", "Bearer s3cret-t0ken")))
        .isEqualTo(200);
  }

  @Test
  void variablesKeepTheirTypes() {
    TrafficPolicy policy =
        policy(
            """
            on_http_request:
              - actions:
                  - type: set-vars
                    config:
                      vars:
                        - allowed: ['a', "${req.method}"]
                        - count: "${size(vars.allowed)}"
              - expressions: ["vars.count == 2 && 'GET' in vars.allowed"]
                actions:
                  - type: custom-response
                    config: {body: "${vars.count} of ${vars.allowed}"}
            """);
    Outcome outcome = policy.onHttpRequest(Exchanges.get("/"));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Respond.class,
            respond ->
                assertThat(respond.response().body().toString()).contains("2 of [\"a\",\"GET\"]"));
  }

  @Test
  void whatCannotBeEvaluatedRefusesAndSaysNoValues() {
    TrafficPolicy policy =
        policy(
            """
            on_http_request:
              - expressions: ["int(req.headers['authorization'][0]) > 1"]
                actions: [{type: deny}]
              - type: ai-gateway
            """);
    Exchange exchange = Exchanges.request("GET", "/", "", "authorization", "Bearer hidden");
    assertThat(policy.onHttpRequest(exchange))
        .isInstanceOfSatisfying(
            Outcome.Refuse.class,
            refuse -> {
              assertThat(refuse.refusal().logDetail())
                  .contains("on_http_request[0].expressions[0]");
              assertThat(refuse.refusal().toString()).doesNotContain("hidden");
            });
  }

  private static int status(TrafficPolicy policy, Exchange exchange) {
    return switch (policy.onHttpRequest(exchange)) {
      case Outcome.Respond respond -> respond.response().status();
      case Outcome.Refuse refuse -> refuse.refusal().code().status();
      default -> 0;
    };
  }
}
