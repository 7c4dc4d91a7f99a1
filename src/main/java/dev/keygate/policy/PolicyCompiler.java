package dev.keygate.policy;

import dev.keygate.policy.document.DocumentParser;
import dev.keygate.policy.document.Node;
import dev.keygate.policy.document.Problems;
import dev.keygate.policy.expression.Expressions;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Turns policy documents into policies that run. Everything that can be known to be wrong is found
 * here, when the policy is saved; nothing is left for a request to stumble over. Safe for use by
 * several threads.
 */
public final class PolicyCompiler {
  private final Expressions expressions;
  private final Map<String, ActionType<?>> types = new LinkedHashMap<>();

  /**
   * @param types the kinds of action that policies may use
   * @throws IllegalArgumentException if two have the same name
   */
  public PolicyCompiler(Expressions expressions, Collection<? extends ActionType<?>> types) {
    this.expressions = expressions;
    for (ActionType<?> type : types) {
      if (this.types.put(type.name(), type) != null) {
        throw new IllegalArgumentException("two action types are called " + type.name());
      }
    }
  }

  /**
   * Compiles a YAML or JSON document. Never throws for anything that the document says.
   *
   * @param openRelay what becomes of a policy that lets anybody use server-side provider keys; a
   *     policy that was saved once is loaded with {@link OpenRelay#ALLOW}
   */
  public Compilation compile(String document, OpenRelay openRelay) {
    Problems problems = new Problems();
    Node root = DocumentParser.parse(document, problems);
    TrafficPolicy policy =
        root == null ? null : new RuleReader(expressions, types, problems).policy(root, openRelay);
    return new Compilation(problems.hasErrors() ? null : policy, problems.sorted());
  }

  /** The kinds of action that policies may use, in the order of the registry. */
  public Collection<ActionType<?>> types() {
    return types.values();
  }
}
