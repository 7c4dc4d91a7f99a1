package dev.keygate.control;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /policy_checks}: what saving a traffic policy would say. Nothing is saved. */
final class PolicyCheck {
  static final String OPERATION = "policy_checks.create";

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

  private static void add(ArrayNode list, List<String> texts) {
    texts.forEach(list::add);
  }
}
