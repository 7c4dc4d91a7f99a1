package dev.keygate.policy.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.policy.Exchanges;
import dev.keygate.policy.Policies;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class PolicyTestTest {
  private static final String POLICY = "on_http_request:\n  - type: ai-gateway\n";

  private final PolicyTest tests =
      new PolicyTest(InstantSource.fixed(Exchanges.NOW), Policies.types());

  @Test
  void eachTestIsReportedWithWhatWasOtherwise() {
    PolicyTest.Report report =
        tests.run(
            "policy.yaml",
            POLICY,
            "tests.yaml",
            """
            tests:
              - name: without a key it is refused
                request: {}
                expect: {outcome: refused, status: 401}
              - name: wrong on purpose
                request: {key: {}}
                response: {status: 201, headers: {x-a: "1"}, body: hello}
                expect: {outcome: answered, status: 200, headers: {x-a: "2"}, body_contains: bye}
            """);
    assertThat(report.isGood()).isFalse();
    assertThat(report.text())
        .isEqualTo(
            """
            policy.yaml
              ok    without a key it is refused
              FAIL  wrong on purpose
                    outcome: expected answered, was forwarded
                    status: expected 200, was 201
                    body: expected 'bye' in 'hello'
                    header x-a: expected '2', was '1'
            1 of 2 passed
            """);
  }

  @Test
  void aMistakeInTheTestsIsExplained() {
    PolicyTest.Report report =
        tests.run(
            "p", POLICY, "t", "tests:\n  - name: a\n    request: {metod: GET}\n    expect: {}\n");
    assertThat(report.isGood()).isFalse();
    assertThat(report.text()).contains("unknown field 'metod'; did you mean 'method'?");
  }

  @Test
  void aPolicyThatIsRefusedIsExplained() {
    assertThat(
            tests
                .run(
                    "p",
                    "on_http_request:\n  - type: den\n",
                    "t",
                    "tests: [{name: a, request: {}, expect: {}}]")
                .text())
        .contains("unknown action 'den'; did you mean 'deny'?");
  }

  @Test
  void secretsAreWhatTheTestsSay() {
    String policy =
        """
        on_http_request:
          - expressions: ["req.headers['x-token'][0] != secrets.get('vault', 'token')"]
            actions: [{type: deny}]
          - type: ai-gateway
            config: {authorization: policy}
        """;
    String cases =
        """
        tests:
          - name: with the token
            request: {headers: {x-token: s3cret}}
            expect: {outcome: forwarded}
          - name: without it
            request: {}
            expect: {status: 403}
        """;
    PolicyTest.Report report =
        tests.run("p", policy, "t", "secrets: {vault: {token: s3cret}}\n" + cases);
    assertThat(report.isGood()).as(report.text()).isTrue();
    PolicyTest.Report without = tests.run("p", policy, "t", cases);
    assertThat(without.failed()).isEqualTo(2);
    assertThat(without.text()).contains("because: ", "no such secret");
  }
}
