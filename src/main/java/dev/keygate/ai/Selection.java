package dev.keygate.ai;

import dev.keygate.ai.selection.Strategies;
import dev.keygate.ai.selection.Strategies.Chosen;
import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Refusal;
import dev.keygate.live.ProviderKey;
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

  /**
   * What one strategy did.
   *
   * @param tried the models that it left to be tried
   */
  record ModelSelection(String strategy, Chosen chosen, List<Candidate> tried) {}

  /**
   * What one strategy did.
   *
   * @param tried the keys that it left to be tried
   */
  record KeySelection(String strategy, Chosen chosen, List<ProviderKey> tried) {}

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
    AttemptStory story = AttemptStory.of(exchange);
    for (Strategy strategy : strategies.models()) {
      Chosen chosen = Strategies.ask(strategy.expression(), exchange, view.models(candidates));
      List<Candidate> left =
          chosen instanceof Chosen.These these ? inOrder(candidates, these, order) : List.of();
      if (story != null) {
        story.select(new ModelSelection(strategy.text(), chosen, left));
      }
      switch (chosen) {
        case Chosen.These these -> {
          if (!left.isEmpty()) {
            return new Selected.These(left);
          }
        }
        case Chosen.WrongType(String type) -> {
          return new Selected.Refused(
              Refusal.of(
                      ErrorCode.SELECTION_NOT_A_LIST,
                      "A model selection strategy must return an AIModel or []AIModel, got " + type)
                  .withLogDetail(strategy.expression().path()));
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
    List<KeySelection> story = new ArrayList<>(1);
    List<ProviderKey> left = List.of();
    for (Strategy strategy : strategies.keys()) {
      Chosen chosen = Strategies.ask(strategy.expression(), exchange, view.keys(keys));
      left = chosen instanceof Chosen.These these ? keysOf(these) : List.of();
      story.add(new KeySelection(strategy.text(), chosen, left));
      if (!left.isEmpty()) {
        break;
      }
    }
    AttemptStory known = AttemptStory.of(exchange);
    if (known != null) {
      known.selectKeys(keys.getFirst().providerId(), story);
    }
    return left;
  }

  private static List<ProviderKey> keysOf(Chosen.These these) {
    return these.items().stream()
        .map(item -> item.subject())
        .filter(ProviderKey.class::isInstance)
        .map(ProviderKey.class::cast)
        .toList();
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
