package dev.keygate.policy.action;

import static dev.keygate.policy.Policies.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.Exchange;
import dev.keygate.policy.Exchanges;
import dev.keygate.policy.Policies;
import dev.keygate.policy.Runs;
import org.junit.jupiter.api.Test;

class LogTest {
  private static final String EVERYTHING =
      """
      on_http_request:
        - actions:
            - type: log
              config:
                metadata:
                  team: ${req.headers['x-team'][0]}
                  headers: ${req.headers}
                  cookies: ${req.cookies}
                  token: ${req.headers['authorization'][0].split(' ')[1]}
                  text: "called by ${req.headers['x-api-key'][0]}!"
      """;

  @Test
  void whatTheRequestAuthenticatesWithIsNotNoted() {
    Exchange exchange =
        Exchanges.request(
            "GET",
            "/",
            "",
            "Authorization",
            "Bearer sk-of-the-client",
            "X-Api-Key",
            "key-of-the-client",
            "Cookie",
            "session=of-the-client; theme=dark",
            "x-team",
            "blue");
    Policies.policy(EVERYTHING).onHttpRequest(exchange);
    String noted = Runs.result(exchange, "log").toString();
    assertThat(noted)
        .doesNotContain("of-the-client")
        .contains("team=blue", "text=called by ***!", "token=***", "authorization=[***]");
  }

  @Test
  void aClientDoesNotBlotOutWhatTheGatewayKnowsOfIt() {
    Exchange exchange =
        Exchanges.request(
            "GET",
            "/",
            "",
            "Cookie",
            "a=203.0.113.7; b=from 203.0; c=ep_1; d=TLSv1.3",
            "x-auth-token",
            "user-203.0.113.7-secret",
            "Authorization",
            "Bearer https://ai.example.com");
    Policies.policy(
            """
            on_http_request:
              - type: log
                config:
                  metadata:
                    address: ${conn.client_ip}
                    text: from ${conn.client_ip} by ${conn.tls.version} to ${endpoint.url}
                    endpoint: ${endpoint.id}
                    sent: ${req.headers['x-auth-token'][0]} ${req.cookies['b'][0].value}
            """)
        .onHttpRequest(exchange);
    assertThat(Runs.result(exchange, "log").toString())
        .contains("address=203.0.113.7", "endpoint=ep_1", "sent=***203.0.113.7*** ***")
        .contains("203.0.113.7 by TLSv1.3 to https://ai.example.com")
        .doesNotContain("secret", "user");
  }

  @Test
  void aSecretMayNotBeNoted() {
    assertThat(
            problems(
                """
                on_http_request:
                  - type: log
                    config: {metadata: {a: ["${hash.md5(secrets.get('gateway', 'token'))}"]}}
                """))
        .singleElement()
        .asString()
        .contains("a: a secret would stand in the log");
  }
}
