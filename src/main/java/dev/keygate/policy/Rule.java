package dev.keygate.policy;

import dev.keygate.exchange.Exchange;
import dev.keygate.policy.expression.Expression;
import java.util.List;

/** Actions that run in order when all expressions hold. */
record Rule(List<Expression> expressions, List<Action> actions) {
  Rule {
    expressions = List.copyOf(expressions);
    actions = List.copyOf(actions);
  }

  boolean matches(Exchange exchange) {
    for (Expression expression : expressions) {
      if (!expression.test(exchange)) {
        return false;
      }
    }
    return true;
  }
}
