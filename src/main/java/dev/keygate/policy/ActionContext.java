package dev.keygate.policy;

import dev.keygate.policy.document.Node;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.document.Problems;
import java.util.Map;

/**
 * Where an action stands, while it is compiled.
 *
 * @param config its {@code config}, or the action itself when that was left out
 * @param seen what {@link #ordinal} was asked for, one map for each document
 */
public record ActionContext(
    Phase phase, Node config, Problems problems, Map<Object, Integer> seen) {

  /**
   * How many times it was asked for an equal identity before in this document: tells apart actions
   * that say the same, so that each keeps its own state.
   */
  public int ordinal(Object identity) {
    return seen.merge(identity, 1, Integer::sum) - 1;
  }

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
