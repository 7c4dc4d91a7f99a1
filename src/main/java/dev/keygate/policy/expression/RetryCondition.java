package dev.keygate.policy.expression;

import dev.keygate.exchange.Exchange;
import java.util.Map;

/**
 * A compiled condition that reads {@code attempts} and {@code last_attempt} besides what every
 * expression of its phase may read. Immutable, shared by all requests and event loops.
 */
public final class RetryCondition {
  static final String ATTEMPTS = "attempts";
  static final String LAST_ATTEMPT = "last_attempt";

  private final Expression expression;

  RetryCondition(Expression expression) {
    this.expression = expression;
  }

  /**
   * Whether to try once more.
   *
   * @param attempts how many there were
   * @param last what {@code last_attempt} reads as
   * @throws EvaluationException if that cannot be told
   */
  public boolean test(Exchange exchange, int attempts, Map<String, Object> last) {
    return expression.test(
        exchange, Map.of(ATTEMPTS, (long) attempts, LAST_ATTEMPT, LazyMap.of(last)));
  }
}
