package dev.keygate.policy;

import dev.keygate.policy.config.ConfigReader;
import dev.keygate.policy.document.Nearest;
import dev.keygate.policy.document.Node;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.document.Position;
import dev.keygate.policy.document.Problems;
import dev.keygate.policy.document.Quoted;
import dev.keygate.policy.expression.Expression;
import dev.keygate.policy.expression.ExpressionCompiler;
import dev.keygate.policy.expression.Expressions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the rules of one document: phases, rules, actions. */
final class RuleReader {
  private static final int MAX_RULES = 500;
  private static final int MAX_ITEMS_PER_RULE = 64;
  private static final List<String> RULE_KEYS = List.of("name", "expressions", "actions");
  private static final List<String> ACTION_KEYS = List.of("type", "config");
  private static final List<String> PHASE_KEYS = Stream.of(Phase.values()).map(Phase::key).toList();

  private final Expressions expressions;
  private final Map<String, ActionType<?>> types;
  private final Problems problems;
  private final PolicyFacts facts;
  private final Map<Object, Integer> seen = new HashMap<>();

  RuleReader(Expressions expressions, Map<String, ActionType<?>> types, Problems problems) {
    this.expressions = expressions;
    this.types = types;
    this.problems = problems;
    this.facts = new PolicyFacts(problems);
  }

  /** The policy that a document says, or null when its root is not even a mapping. */
  @Nullable TrafficPolicy policy(Node root, OpenRelay openRelay) {
    if (!(root instanceof Node.Mapping mapping)) {
      problems.error(
          root, root.kind() + ": expected a mapping with on_http_request or another phase");
      return null;
    }
    Map<Phase, PhaseRules> phases = new EnumMap<>(Phase.class);
    mapping
        .entries()
        .forEach((key, entry) -> {
          if (Phase.ofKey(key) == null) {
            unknownPhase(key, entry);
          }
        });
    for (Phase phase : Phase.values()) {
      Node rules = mapping.get(phase.key());
      if (rules != null) {
        phases.put(phase, rules(phase, rules));
      }
    }
    facts.finish(openRelay);
    return new CompiledPolicy(facts.authorization(), phases, facts.readsResponseBody());
  }

  private void unknownPhase(String key, Node.Entry entry) {
    String hint =
        switch (key) {
          case "inbound" -> "it is called on_http_request";
          case "outbound" -> "it is called on_http_response";
          case "enabled" -> "a policy is always on; disable the endpoint or remove the rules";
          default -> Nearest.hint(key, PHASE_KEYS);
        };
    problems.error(key, entry.keyPosition(), "unknown phase " + Quoted.of(key) + "; " + hint);
  }

  private PhaseRules rules(Phase phase, Node node) {
    List<Rule> rules = new ArrayList<>();
    facts.enter(phase);
    ExpressionCompiler compiler = expressions.compiler(phase, problems);
    for (Node item : items(node, "rules", MAX_RULES)) {
      Rule rule = rule(phase, item, compiler);
      if (rule != null) {
        rules.add(rule);
      }
    }
    return new PhaseRules(rules);
  }

  private @Nullable Rule rule(Phase phase, Node node, ExpressionCompiler compiler) {
    if (!(node instanceof Node.Mapping rule)) {
      problems.error(node, node.kind() + ": expected a rule, a mapping with actions");
      return null;
    }
    if (rule.get("type") != null && rule.get("actions") == null) {
      facts.rule(rule, PolicyFacts.Condition.NONE);
      Action action = action(phase, rule, compiler);
      return action == null ? null : new Rule(List.of(), List.of(action));
    }
    refuseUnknown(rule, RULE_KEYS);
    Node name = rule.get("name");
    if (name != null && !(name instanceof Node.Scalar text && text.value() != null)) {
      problems.error(name, name.kind() + ": expected a text");
    }
    List<Expression> conditions = conditions(rule.get("expressions"), compiler);
    return new Rule(conditions, actions(phase, rule, compiler));
  }

  private List<Expression> conditions(@Nullable Node node, ExpressionCompiler compiler) {
    List<Expression> conditions = new ArrayList<>();
    List<Node> written =
        node == null || isNull(node)
            ? List.of()
            : items(node, "CEL expressions", MAX_ITEMS_PER_RULE);
    for (Node item : written) {
      if (item instanceof Node.Scalar scalar && scalar.value() != null) {
        Expression condition = compiler.condition(scalar);
        if (condition != null) {
          conditions.add(condition);
        }
      } else {
        problems.error(
            item,
            item.kind()
                + ": expected a CEL expression; put it in quotes if YAML reads it otherwise");
      }
    }
    return conditions;
  }

  private List<Action> actions(Phase phase, Node.Mapping rule, ExpressionCompiler compiler) {
    Node node = rule.get("actions");
    if (node == null) {
      problems.error(rule, "actions is missing; expected a list of actions");
      return List.of();
    }
    boolean conditional =
        rule.get("expressions") instanceof Node.Sequence list && !list.items().isEmpty();
    facts.rule(rule, conditional ? PolicyFacts.Condition.EXPRESSIONS : PolicyFacts.Condition.NONE);
    List<Action> actions = new ArrayList<>();
    List<Node> items = items(node, "actions", MAX_ITEMS_PER_RULE);
    for (Node item : items) {
      Action action = action(phase, item, compiler);
      if (action != null) {
        actions.add(action);
      }
    }
    if (items.isEmpty() && node instanceof Node.Sequence) {
      problems.error(node, "an empty list: expected at least one action");
    }
    return actions;
  }

  private @Nullable Action action(Phase phase, Node node, ExpressionCompiler compiler) {
    if (!(node instanceof Node.Mapping action)) {
      problems.error(node, node.kind() + ": expected an action, a mapping with type");
      return null;
    }
    refuseUnknown(action, ACTION_KEYS);
    if (!(action.get("type") instanceof Node.Scalar name && name.value() instanceof String text)) {
      problems.error(action, "type is missing; expected the name of an action");
      return null;
    }
    ActionType<?> type = types.get(text);
    if (type == null) {
      problems.error(name, "unknown action " + Quoted.of(text) + "; " + hint(text));
      return null;
    }
    if (!type.phases().contains(phase)) {
      String places = Nearest.list(type.phases().stream().sorted().map(Phase::key).toList());
      problems.error(name, text + " does not run in " + phase.key() + "; expected it in " + places);
      return null;
    }
    return compiled(type, phase, action, compiler);
  }

  private String hint(String name) {
    String absent = AbsentActions.explanation(name);
    return absent == null ? Nearest.hint(name, types.keySet()) : absent;
  }

  private <C extends Record> @Nullable Action compiled(
      ActionType<C> type, Phase phase, Node.Mapping action, ExpressionCompiler compiler) {
    Node written = action.get("config");
    Node config =
        written == null || isNull(written)
            ? new Node.Mapping(action.path() + ".config", action.position(), Map.of(), 1)
            : written;
    C read = new ConfigReader(compiler, problems).read(config, type.config());
    if (read == null) {
      facts.unreadable(type, action);
      return null;
    }
    facts.action(type, read, action);
    return type.compile(read, new ActionContext(phase, config, problems, seen));
  }

  private void refuseUnknown(Node.Mapping mapping, List<String> known) {
    mapping
        .entries()
        .forEach((key, entry) -> {
          if (!known.contains(key)) {
            Position at = entry.keyPosition();
            String hint = Nearest.hint(key, known);
            problems.error(entry.value().path(), at, "unknown key " + Quoted.of(key) + "; " + hint);
          }
        });
  }

  private List<Node> items(Node node, String what, int limit) {
    if (isNull(node)) {
      return List.of();
    }
    if (!(node instanceof Node.Sequence sequence)) {
      problems.error(node, node.kind() + ": expected a list of " + what);
      return List.of();
    }
    if (sequence.items().size() > limit) {
      problems.error(
          node, sequence.items().size() + " " + what + ": expected at most " + limit + " here");
      return List.of();
    }
    return sequence.items();
  }

  private static boolean isNull(Node node) {
    return node instanceof Node.Scalar scalar && scalar.value() == null;
  }
}
