package dev.keygate.policy;

import dev.keygate.policy.document.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of compiling a document.
 *
 * @param policy the policy, or null when a problem is an error
 * @param problems from the top of the document to its bottom; warnings among them
 */
public record Compilation(@Nullable TrafficPolicy policy, List<Problem> problems) {
  public boolean isAccepted() {
    return policy != null;
  }

  public List<Problem> errors() {
    return problems.stream().filter(Problem::isError).toList();
  }

  public List<Problem> warnings() {
    return problems.stream().filter(problem -> !problem.isError()).toList();
  }
}
