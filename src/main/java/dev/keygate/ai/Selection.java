package dev.keygate.ai;

import dev.keygate.ai.selection.Strategies;
import dev.keygate.ai.selection.Strategies.Chosen;
import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Refusal;
import dev.keygate.live.ProviderKey;
import dev.keygate.policy.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which of the candidates are tried, and with which of their keys, where a policy has strategies
 * (SPEC.md section 7). A strategy is given what is allowed, and what it gives back is of that: it
 * cannot lead beyond.
 */
final class Selection {
  private final AiGatewayConfig.Strategies strategies;
  private final Function<Exchange, StrategyView> views;

  /**
   * @param views how a request's strategies see candidates and keys
   */
  Selection(AiGatewayConfig.Strategies strategies, Function<Exchange, StrategyView> views) {
    this.strategies = strategies;
    this.views = views;
  }

  /** What strategies left. */
  sealed interface Selected {
    /** At least one, in the order in which they are tried. */
    record These(List<Candidate> candidates) implements Selected {}

    record Refused(Refusal refusal) implements Selected {}
  }

  /**
   * The candidates that the first strategy gives which gives any. Where the client named them, they
   * stay in its order.
   */
  Selected models(List<Candidate> candidates, Candidates.Order order, Exchange exchange) {
    if (strategies.models().isEmpty()) {
      return new Selected.These(candidates);
    }
    StrategyView view = views.apply(exchange);
    for (Expression strategy : strategies.models()) {
      switch (Strategies.ask(strategy, exchange, view.models(candidates))) {
        case Chosen.These(List<?> items) when items.isEmpty() -> {
          // The next strategy is asked.
        }
        case Chosen.These these -> {
          return new Selected.These(inOrder(candidates, these, order));
        }
        case Chosen.WrongType(String type) -> {
          return new Selected.Refused(
              Refusal.of(
                      ErrorCode.SELECTION_NOT_A_LIST,
                      "A model selection strategy must return an AIModel or []AIModel, got " + type)
                  .withLogDetail(strategy.path()));
        }
        case Chosen.Failed(String detail) -> {
          return new Selected.Refused(
              Refusal.of(
                      ErrorCode.SELECTION_FAILED,
                      "Model selection failed: a strategy could not be evaluated")
                  .withLogDetail(detail));
        }
      }
    }
    return new Selected.Refused(
        Refusal.of(
            ErrorCode.SELECTION_EMPTY,
            "Model selection returned no results: no strategy leaves a model for this request"));
  }

  boolean choosesKeys() {
    return !strategies.keys().isEmpty();
  }

  /**
   * The keys that the first strategy gives which gives any; none when none does. One that cannot be
   * evaluated, as where a provider has not said its quota yet, leaves it to the next.
   */
  List<ProviderKey> keys(List<ProviderKey> keys, Exchange exchange) {
    StrategyView view = views.apply(exchange);
    for (Expression strategy : strategies.keys()) {
      if (Strategies.ask(strategy, exchange, view.keys(keys)) instanceof Chosen.These these
          && !these.items().isEmpty()) {
        return these.items().stream()
            .map(item -> item.subject())
            .filter(ProviderKey.class::isInstance)
            .map(ProviderKey.class::cast)
            .toList();
      }
    }
    return List.of();
  }

  private static List<Candidate> inOrder(
      List<Candidate> candidates, Chosen.These these, Candidates.Order order) {
    List<Candidate> chosen = new ArrayList<>();
    these
        .items()
        .forEach(item -> {
          if (item.subject() instanceof Candidate candidate && !chosen.contains(candidate)) {
            chosen.add(candidate);
          }
        });
    if (order == Candidates.Order.OPEN) {
      return chosen;
    }
    Set<Candidate> left = chosen.stream().collect(Collectors.toSet());
    return candidates.stream().filter(left::contains).toList();
  }
}
