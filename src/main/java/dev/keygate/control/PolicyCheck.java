package dev.keygate.control;

import dev.keygate.policy.trial.PolicyTest;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What authors of traffic policies ask before they save one: {@code POST /policy_checks}, {@code
 * POST /policy_tests} and {@code GET /policy_schema}. Nothing is saved.
 */
final class PolicyCheck {
  static final String OPERATION = "policy_checks.create";
  static final String TESTS = "policy_tests.create";
  static final String SCHEMA = "policy_schema.list";

  private static final JsonMapper JSON = new JsonMapper();

  private final PolicyInspector policies;

  PolicyCheck(PolicyInspector policies) {
    this.policies = policies;
  }

  /** A document with errors is no error of the call. */
  Answer answer(Call call) {
    String document = call.text("traffic_policy", "");
    List<String> problems = policies.problems(document, call.flag("allow_open_relay", false));
    ObjectNode shown = Json.object();
    shown.put("valid", problems.isEmpty());
    add(shown.putArray("problems"), problems);
    add(shown.putArray("warnings"), policies.warnings(document));
    return Answer.ok(shown);
  }

  /** Tests that fail are no error of the call. */
  Answer test(Call call) {
    PolicyTest.Report report =
        policies.test(call.text("traffic_policy", ""), call.text("tests", ""));
    return Answer.ok(
        Json.object()
            .put("passed", report.passed())
            .put("failed", report.failed())
            .put("report", report.text()));
  }

  /** For completion in editors. */
  Answer schema() {
    return Answer.ok((ObjectNode) JSON.readTree(policies.schema()));
  }

  private static void add(ArrayNode list, List<String> texts) {
    texts.forEach(list::add);
  }
}
