package dev.keygate.policy.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.policy.Policies;
import org.junit.jupiter.api.Test;

class PolicyTestTest {
  private static final String POLICY = "on_http_request:\n  - type: ai-gateway\n";

  private final PolicyTest tests = new PolicyTest(Policies.EXPRESSIONS, Policies.types());

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
    assertThat(tests.run("p", "on_http_request:\n  - type: den\n", "t", "tests: []").text())
        .contains("unknown action 'den'; did you mean 'deny'?");
  }
}
