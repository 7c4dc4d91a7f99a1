package dev.keygate.policy;

import dev.keygate.policy.document.Node;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.document.Problems;

/**
 * Where an action stands, while it is compiled.
 *
 * @param config its {@code config}, or the action itself when that was left out
 */
public record ActionContext(Phase phase, Node config, Problems problems) {

  /** Refuses the document because of a field of the configuration. */
  public void error(String field, String message) {
    Node at = config instanceof Node.Mapping mapping ? mapping.get(field) : null;
    problems.error(at == null ? config : at, message);
  }

  /** Tells the author something about the configuration without refusing it. */
  public void warning(String message) {
    problems.warning(config, message);
  }
}
