package dev.keygate.policy.document;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects what is wrong with a document, so that its author learns of everything at once. Used by
 * one thread.
 */
public final class Problems {
  /** As many as a person reads; a document with more has one cause. */
  private static final int LIMIT = 100;

  private final List<Problem> found = new ArrayList<>();
  private int errors;

  /** Refuses the document because of this node. */
  public void error(Node node, String message) {
    error(node.path(), node.position(), message);
  }

  /** Refuses the document because of what stands at this position. */
  public void error(String path, Position position, String message) {
    errors++;
    add(new Problem(Problem.Severity.ERROR, path, position, message));
  }

  /** Tells the author about this node without refusing the document. */
  public void warning(Node node, String message) {
    add(new Problem(Problem.Severity.WARNING, node.path(), node.position(), message));
  }

  public boolean hasErrors() {
    return errors > 0;
  }

  /**
   * How many errors there were so far: the same number before and after means that a part is good.
   */
  public int errors() {
    return errors;
  }

  /** From the top of the text to its bottom. */
  public List<Problem> sorted() {
    return found.stream().sorted(Problem.BY_POSITION).toList();
  }

  private void add(Problem problem) {
    if (found.size() < LIMIT && !found.contains(problem)) {
      found.add(problem);
    }
  }
}
