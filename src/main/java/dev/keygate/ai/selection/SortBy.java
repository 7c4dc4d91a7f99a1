package dev.keygate.ai.selection;

import com.google.common.collect.ImmutableList;
import dev.cel.common.ast.CelExpr;
import dev.cel.parser.CelMacro;
import dev.cel.parser.CelMacroExprFactory;
import dev.cel.parser.CelStandardMacro;
import dev.keygate.policy.expression.EvaluationException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * {@code list.sortBy(item, expression)}: the items in the order of what the expression gives for
 * each, smallest first; those of which it gives the same stay as they stood. Unlike CEL's own it
 * gives a list of the same type, so that other functions may follow.
 */
final class SortBy {
  static final String FUNCTION = "@strategy_sort_by";

  private static final String LIST = "@list";

  private SortBy() {}

  static CelMacro macro() {
    return CelMacro.newReceiverMacro("sortBy", 2, SortBy::expand);
  }

  /** {@code [list].map(@list, @strategy_sort_by(@list, @list.map(item, expression)))[0]}. */
  private static Optional<CelExpr> expand(
      CelMacroExprFactory factory, CelExpr target, ImmutableList<CelExpr> arguments) {
    // The list is computed once, under a name that no policy can write: it may be a shuffled one.
    return map(factory, factory.newIdentifier(LIST), arguments)
        .flatMap(keys -> {
          CelExpr sorted = factory.newGlobalCall(FUNCTION, factory.newIdentifier(LIST), keys);
          ImmutableList<CelExpr> once = ImmutableList.of(factory.newIdentifier(LIST), sorted);
          return map(factory, factory.newList(target), once);
        })
        .map(lists -> factory.newGlobalCall("_[_]", lists, factory.newIntLiteral(0)));
  }

  private static Optional<CelExpr> map(
      CelMacroExprFactory factory, CelExpr target, ImmutableList<CelExpr> arguments) {
    return CelStandardMacro.MAP
        .getDefinition()
        .getExpander()
        .expandMacro(factory, target, arguments);
  }

  /** The items in the order of their keys: numbers or texts, not both. */
  static List<Object> sort(List<?> items, List<?> keys) {
    boolean areNumbers = keys.stream().allMatch(Number.class::isInstance);
    if (!areNumbers && !keys.stream().allMatch(String.class::isInstance)) {
      throw new EvaluationException("sortBy: expected numbers, or texts, to sort by");
    }
    Comparator<Integer> order =
        areNumbers
            ? Comparator.comparingDouble(at -> ((Number) keys.get(at)).doubleValue())
            : Comparator.comparing(at -> (String) keys.get(at));
    List<Object> sorted = new ArrayList<>(items.size());
    IntStream.range(0, items.size()).boxed().sorted(order).forEach(at -> sorted.add(items.get(at)));
    return sorted;
  }
}
