package dev.keygate.policy.action;

import static dev.keygate.policy.Policies.policy;
import static dev.keygate.policy.Policies.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.Surface;
import dev.keygate.policy.Exchanges;
import dev.keygate.policy.Runs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlActionsTest {
  @Test
  void aMatchedPartOfTheUrlIsReplaced() {
    assertThat(location("from: /api/v1/\nto: /api/v2/", "/x/api/v1/users?a=1"))
        .isEqualTo("https://ai.example.com/x/api/v2/users?a=1");
  }

  @Test
  void groupsOfTheMatchStandInTheReplacement() {
    assertThat(
            location("from: ^https?://[^/]+/old/(.*)$\nto: https://new.example.com/$1", "/old/a"))
        .isEqualTo("https://new.example.com/a");
  }

  @Test
  void withoutFromTheWholeUrlIsReplacedAndValuesAreEscaped() {
    assertThat(location("to: https://e.com/?q=${req.url.query_params['q'][0]}", "/?q=San%20J+%241"))
        .isEqualTo("https://e.com/?q=San%20J%20$1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"redirect", "url-rewrite"})
  void aGatewayKeyIsNotPutIntoAUrl(String action) {
    String policy =
        """
        on_http_request:
          - type: ACTION
            config: {to: "https://e.com/v1/models?u=${req.headers['authorization'][0]}"}
        """;
    Exchange exchange =
        Exchanges.request("GET", "/v1/models", "", "authorization", "Bearer ng-a-g1-b");
    assertThat(policy(policy.replace("ACTION", action)).onHttpRequest(exchange))
        .isInstanceOf(Outcome.Refuse.class);
    assertThat(exchange.query()).isNull();
  }

  @Test
  void aUrlIsNotRedirectedToItself() {
    Outcome outcome =
        policy(
                """
                on_http_request:
                  - actions: [{type: redirect, config: {from: /v1/, to: /v1/}}]
                """)
            .onHttpRequest(Exchanges.get("/v1/x"));
    assertThat(outcome).isEqualTo(Outcome.CONTINUE);
  }

  @Test
  void onlyRedirectStatusesAreTaken() {
    assertThat(
            problems(
                """
                on_http_request:
                  - actions: [{type: redirect, config: {to: https://e.com, status_code: 200}}]
                """))
        .singleElement()
        .asString()
        .contains("200: expected 301, 302, 303, 307 or 308");
  }

  @Test
  void aRewrittenPathBelongsToItsSurface() {
    Exchange exchange = Exchanges.get("/openai/chat/completions?x=1");
    policy(
            """
            on_http_request:
              - actions: [{type: url-rewrite, config: {from: "/openai/", to: "/v1/"}}]
            """)
        .onHttpRequest(exchange);
    assertThat(exchange.path()).isEqualTo("/v1/chat/completions");
    assertThat(exchange.query()).isEqualTo("x=1");
    assertThat(exchange.surface()).isEqualTo(Surface.CHAT_COMPLETIONS);
    assertThat(Runs.result(exchange, "url_rewrite").get("matches")).isEqualTo(List.of("/openai/"));
  }

  @Test
  void aRegularExpressionIsCheckedWhenSaved() {
    assertThat(
            problems(
                """
                on_http_request:
                  - actions: [{type: url-rewrite, config: {from: "a(", to: b}}]
                """))
        .singleElement()
        .asString()
        .startsWith(
            "2:50 on_http_request[0].actions[0].config.from: 'a(': not a regular expression");
  }

  private static String location(String config, String target) {
    String policy =
        "on_http_request:\n- actions:\n  - type: redirect\n    config:\n" + config.indent(6);
    Response response = Runs.request(policy, Exchanges.get(target));
    assertThat(response.status()).isEqualTo(302);
    return String.valueOf(response.headers().get("location"));
  }
}
