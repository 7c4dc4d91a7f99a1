package dev.keygate.policy.action;

import static dev.keygate.policy.Policies.policy;
import static dev.keygate.policy.Policies.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.policy.Exchanges;
import dev.keygate.policy.Runs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeaderActionsTest {
  @Test
  void headersAreAddedBesideThoseThatAreThere() {
    Exchange exchange = Exchanges.request("GET", "/", "", "X-Team", "a");
    policy(
            """
            on_http_request:
              - actions:
                  - type: add-headers
                    config: {headers: {X-Team: b, x-from: "${conn.client_ip}"}}
            """)
        .onHttpRequest(exchange);
    assertThat(exchange.headers().getAll("x-team")).containsExactly("a", "b");
    assertThat(exchange.headers().get("x-from")).isEqualTo("203.0.113.7");
    assertThat(Runs.result(exchange, "add_headers").get("headers_added"))
        .isEqualTo(Map.of("x-team", "b", "x-from", "203.0.113.7"));
  }

  @Test
  void headersAreRemovedWhateverTheirCase() {
    Exchange exchange = Exchanges.request("GET", "/", "", "X-One", "1", "x-one", "2", "b", "3");
    policy(
            """
            on_http_request:
              - actions:
                  - {type: remove-headers, config: {headers: [x-ONE, absent]}}
            """)
        .onHttpRequest(exchange);
    assertThat(exchange.headers().names()).containsExactly("b");
    assertThat(Runs.result(exchange, "remove_headers").get("headers_removed"))
        .isEqualTo(List.of("x-one"));
  }

  @Test
  void responseRulesChangeTheResponse() {
    Response response =
        Runs.response(
            """
            on_http_response:
              - expressions: ["res.status_code == 200 && res.headers['content-type'][0] == 'text/x'"]
                actions:
                  - {type: add-headers, config: {headers: {x-seen: "${res.status_code}"}}}
            """,
            Exchanges.get("/"),
            Runs.answer(200, "text/x", ""));
    assertThat(response.headers().get("x-seen")).isEqualTo("200");
  }

  @Test
  void aValueWithALineBreakIsNotWritten() {
    Exchange exchange = Exchanges.request("GET", "/?x=a%0d%0ab", "");
    Outcome outcome =
        policy(
                """
                on_http_request:
                  - actions:
                      - type: add-headers
                        config: {headers: {x-a: "${req.url.query_params['x'][0]}"}}
                """)
            .onHttpRequest(exchange);
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Refuse.class,
            refuse -> assertThat(refuse.refusal().code()).isEqualTo(ErrorCode.POLICY_EVALUATION));
  }

  @Test
  void aGatewayKeyIsNotCopiedIntoAnotherHeader() {
    Exchange exchange = Exchanges.request("GET", "/", "", "authorization", "Bearer ng-abc-g1-def");
    Outcome outcome =
        policy(
                """
                on_http_request:
                  - actions:
                      - type: add-headers
                        config: {headers: {x-key: "${req.headers['authorization'][0]}"}}
                """)
            .onHttpRequest(exchange);
    assertThat(outcome).isInstanceOf(Outcome.Refuse.class);
    assertThat(outcome.toString()).doesNotContain("ng-abc");
  }

  @Test
  void headersThatTheGatewaySetsItselfAreRefusedWhenSaved() {
    assertThat(
            problems(
                """
                on_http_request:
                  - actions:
                      - {type: add-headers, config: {headers: {Content-Length: "1", host: x, "a b": y}}}
                """))
        .hasSize(3)
        .anyMatch(line -> line.contains("Content-Length: the gateway sets this header itself"))
        .anyMatch(line -> line.contains("host: rules cannot change this header"))
        .anyMatch(line -> line.contains("'a b': expected a header name"));
  }
}
