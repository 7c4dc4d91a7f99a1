package dev.keygate.policy;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Refusal;
import dev.keygate.policy.expression.EvaluationException;
import io.vertx.core.Future;
import java.util.List;

/** The rules of one phase, run in order until one ends it. Immutable. */
record PhaseRules(List<Rule> rules) {
  static final PhaseRules NONE = new PhaseRules(List.of());

  PhaseRules {
    rules = List.copyOf(rules);
  }

  boolean isEmpty() {
    return rules.isEmpty();
  }

  /** How the phase ends; what cannot be evaluated refuses the request. */
  Outcome run(Exchange exchange) {
    return runFrom(exchange, 0, 0);
  }

  private Outcome runFrom(Exchange exchange, int firstRule, int firstAction) {
    try {
      return step(exchange, firstRule, firstAction);
    } catch (EvaluationException failed) {
      return refused(failed);
    }
  }

  /**
   * @param firstAction the action to go on with in the first rule; beyond 0 its expressions have
   *     been asked already
   */
  private Outcome step(Exchange exchange, int firstRule, int firstAction) {
    int action = firstAction;
    for (int at = firstRule; at < rules.size(); at++) {
      Rule rule = rules.get(at);
      if (action > 0 || rule.matches(exchange)) {
        for (; action < rule.actions().size(); action++) {
          Outcome outcome = rule.actions().get(action).apply(exchange);
          if (outcome instanceof Outcome.Pending pending) {
            return goOnAfter(pending, exchange, at, action + 1);
          }
          if (!(outcome instanceof Outcome.Continue)) {
            return outcome;
          }
        }
      }
      action = 0;
    }
    return Outcome.CONTINUE;
  }

  /** The rest of the phase, once the action that waits for something has ended. */
  private Outcome goOnAfter(Outcome.Pending pending, Exchange exchange, int rule, int action) {
    return new Outcome.Pending(
        pending
            .outcome()
            .compose(
                outcome -> ended(after(outcome, exchange, rule, action)),
                failure ->
                    failure instanceof EvaluationException failed
                        ? Future.succeededFuture(refused(failed))
                        : Future.failedFuture(failure)));
  }

  private Outcome after(Outcome outcome, Exchange exchange, int rule, int action) {
    if (outcome instanceof Outcome.Continue) {
      return runFrom(exchange, rule, action);
    }
    return outcome instanceof Outcome.Pending more
        ? goOnAfter(more, exchange, rule, action)
        : outcome;
  }

  private static Future<Outcome> ended(Outcome outcome) {
    return outcome instanceof Outcome.Pending pending
        ? pending.outcome()
        : Future.succeededFuture(outcome);
  }

  private static Outcome refused(EvaluationException failed) {
    return new Outcome.Refuse(
        Refusal.of(
                ErrorCode.POLICY_EVALUATION, "A rule of the traffic policy could not be evaluated.")
            .withLogDetail(failed.detail()));
  }
}
