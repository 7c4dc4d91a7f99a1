package dev.keygate.ai.selection;

import dev.keygate.exchange.Exchange;
import dev.keygate.policy.document.Node;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.document.Problems;
import dev.keygate.policy.expression.EvaluationException;
import dev.keygate.policy.expression.Expression;
import dev.keygate.policy.expression.Expressions;
import dev.keygate.policy.expression.SecretSource;
import dev.keygate.policy.expression.Vocabulary;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Strategies as they are compiled and asked: expressions that give models, and ones that give keys.
 * Safe for use by several threads.
 */
public final class Strategies {
  private final Expressions forModels;
  private final Expressions forKeys;

  /**
   * @param clock what time it is to expressions
   */
  public Strategies(InstantSource clock) {
    StrategyFunctions functions = new StrategyFunctions();
    this.forModels =
        new Expressions(
            SecretSource.NONE,
            clock,
            new Vocabulary(
                Map.of(
                    "ai.models", Types.MODELS,
                    "ai.providers", Types.PROVIDERS,
                    "ai.authors", Types.AUTHORS),
                Types.all(),
                functions.declarations(),
                functions.bindings(),
                List.of(SortBy.macro())));
    this.forKeys =
        new Expressions(
            SecretSource.NONE,
            clock,
            new Vocabulary(
                Map.of("ai.keys", Types.KEYS),
                Types.all(),
                functions.declarations(),
                functions.bindings(),
                List.of(SortBy.macro())));
  }

  /** What a strategy came to. */
  public sealed interface Chosen {
    /** What it gave, in its order; may be empty. */
    record These(List<Item> items) implements Chosen {}

    /** It gave something else. */
    record WrongType(String type) implements Chosen {}

    /**
     * It could not be evaluated.
     *
     * @param detail for the operator's log
     */
    record Failed(String detail) implements Chosen {}
  }

  /** Compiles a strategy that gives models; null when there was a problem, which is reported. */
  public @Nullable Expression models(Node.Scalar strategy, Problems problems) {
    return forModels
        .compiler(Phase.ON_HTTP_REQUEST, problems)
        .expression(strategy, List.of(Types.MODELS, Types.MODEL), "a model or a list of models");
  }

  /** Compiles a strategy that gives keys; null when there was a problem, which is reported. */
  public @Nullable Expression keys(Node.Scalar strategy, Problems problems) {
    return forKeys
        .compiler(Phase.ON_HTTP_REQUEST, problems)
        .expression(strategy, List.of(Types.KEYS, Types.KEY), "a key or a list of keys");
  }

  /** Asks a strategy. */
  public static Chosen ask(Expression strategy, Exchange exchange, Map<String, List<Item>> given) {
    Object value;
    try {
      value = strategy.evaluate(exchange, given);
    } catch (EvaluationException failed) {
      return new Chosen.Failed(failed.detail());
    }
    return switch (value) {
      case null -> new Chosen.These(List.of());
      case Item item -> new Chosen.These(List.of(item));
      case List<?> list -> ofList(list);
      default -> new Chosen.WrongType(value.getClass().getSimpleName());
    };
  }

  private static Chosen ofList(List<?> list) {
    List<Item> items = new ArrayList<>(list.size());
    for (Object each : list) {
      if (!(each instanceof Item item)) {
        return new Chosen.WrongType("a list of " + each.getClass().getSimpleName());
      }
      items.add(item);
    }
    return new Chosen.These(items);
  }
}
