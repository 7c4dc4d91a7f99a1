package dev.keygate.policy.config;

import dev.keygate.policy.document.DocumentParser;
import dev.keygate.policy.document.Node;
import dev.keygate.policy.document.Problems;

/** Reads the defaults that settings declare, so that a default is checked like a written value. */
final class Defaults {
  private Defaults() {}

  /**
   * The node a default stands for.
   *
   * @throws IllegalStateException if a record declares a default that is not YAML
   */
  static Node node(String path, String yaml) {
    Problems problems = new Problems();
    Node node = DocumentParser.parse(yaml, problems);
    if (node == null) {
      throw new IllegalStateException("default of " + path + ": " + problems.sorted());
    }
    return node;
  }
}
