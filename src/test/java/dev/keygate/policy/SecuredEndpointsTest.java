package dev.keygate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The ways in which an endpoint with server-side provider keys is commonly protected. */
class SecuredEndpointsTest {
  private static final String GATEWAY =
      """
        - actions:
            - type: ai-gateway
              config: {authorization: policy}
      """;
  private static final String REFUSE =
      """
          actions:
            - type: custom-response
              config:
                status_code: 401
                headers: {content-type: application/json}
                body: '{"error": {"type": "authentication_error"}}'
      """;

  @Test
  void aSharedTokenLetsThrough() {
    String policy =
        """
        on_http_request:
          - expressions:
              - req.headers['authorization'][0] != 'Bearer ' + secrets.get('gateway', 'token')
        """
            + REFUSE
            + GATEWAY;
    assertThat(status(policy, "Authorization", "Bearer s3cret-t0ken")).isEqualTo(200);
    assertThat(status(policy, "authorization", "Bearer s3cret-t0keN")).isEqualTo(401);
    assertThat(status(policy, "authorization", "s3cret-t0ken")).isEqualTo(401);
    assertThat(status(policy)).isEqualTo(401);
  }

  @Test
  void anyOfSeveralTokensLetsThrough() {
    String policy =
        """
        on_http_request:
          - actions:
              - type: set-vars
                config:
                  vars:
                    - valid:
                        - ${'Bearer ' + secrets.get('gateway', 'token')}
                        - Bearer other
          - expressions: ["!(req.headers['authorization'][0] in vars.valid)"]
        """
            + REFUSE
            + GATEWAY;
    assertThat(status(policy, "authorization", "Bearer s3cret-t0ken")).isEqualTo(200);
    assertThat(status(policy, "authorization", "Bearer other")).isEqualTo(200);
    assertThat(status(policy, "authorization", "")).isEqualTo(401);
    assertThat(status(policy)).isEqualTo(401);
  }

  @Test
  void aHeaderOfItsOwnLetsThrough() {
    String policy =
        """
        on_http_request:
          - expressions:
              - req.headers['x-api-key'][0] != secrets.get('gateway', 'token')
        """
            + REFUSE
            + GATEWAY;
    assertThat(status(policy, "X-API-Key", "s3cret-t0ken")).isEqualTo(200);
    assertThat(status(policy, "x-api-key", "x")).isEqualTo(401);
    assertThat(status(policy)).isEqualTo(401);
  }

  private static int status(String policy, String... headers) {
    return Runs.request(policy, Exchanges.request("POST", "/v1/responses", "{}", headers)).status();
  }
}
