package dev.keygate.policy.action;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Refusal;
import dev.keygate.policy.expression.EvaluationException;
import dev.keygate.policy.expression.RetryCondition;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one {@code http-request}, of which the last one counts. They share one time
 * limit, and are {@link #MAX_RETRIES} more than one at most, whatever the policy's condition says.
 * Belongs to the exchange's event loop.
 */
final class HttpAttempts {
  static final int MAX_RETRIES = 3;

  private static final int MAX_ANSWER = 256 * 1024;
  private static final String FAILED = "A rule of the traffic policy could not be evaluated.";

  private final HttpRequest.Config config;
  private final HttpCall.Request request;
  private final Exchange exchange;
  private final HttpCall call;
  private final LongSupplier nanoTime;
  private final long deadline;
  private final List<Map<String, Object>> answered = new ArrayList<>();
  private int attempts;

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  HttpAttempts(
      HttpRequest.Config config,
      HttpCall.Request request,
      Exchange exchange,
      HttpCall call,
      LongSupplier nanoTime) {
    this.config = config;
    this.request = request;
    this.exchange = exchange;
    this.call = call;
    this.nanoTime = nanoTime;
    this.deadline = nanoTime.getAsLong() + config.timeout().toNanos();
  }

  /** What follows, when there is an answer or there will be none. */
  Future<Outcome> outcome() {
    long sent = nanoTime.getAsLong();
    attempts++;
    return call.send(request.within(Duration.ofNanos(deadline - sent)), MAX_ANSWER)
        .transform((answer, failure) ->
            answer == null
                ? unanswered(String.valueOf(failure == null ? null : failure.getMessage()))
                : answered(answer, (nanoTime.getAsLong() - sent) / 1_000_000));
  }

  private Future<Outcome> answered(HttpCall.Answer answer, long millis) {
    answered.add(HttpResults.attempt(answer, millis));
    Map<String, Object> result = HttpResults.answered(request, answer, millis, answered);
    return ended(result, "", Outcome.CONTINUE);
  }

  private Future<Outcome> unanswered(String message) {
    Map<String, Object> result = HttpResults.unanswered(request, message, answered);
    Outcome outcome =
        switch (config.onError()) {
          case CONTINUE -> Outcome.CONTINUE;
          case HALT -> refused("http-request: " + message);
        };
    return ended(result, message, outcome);
  }

  private Future<Outcome> ended(Map<String, Object> result, String error, Outcome outcome) {
    try {
      if (isWorthAnother(result, error)) {
        return outcome();
      }
    } catch (EvaluationException undecided) {
      return Future.succeededFuture(refused(undecided.detail()));
    }
    HttpResults.publish(exchange, result);
    return Future.succeededFuture(outcome);
  }

  private boolean isWorthAnother(Map<String, Object> result, String error) {
    RetryCondition condition = config.retryCondition();
    return condition != null
        && attempts <= MAX_RETRIES
        && deadline - nanoTime.getAsLong() > 0
        && !exchange.isAbandoned()
        && condition.test(exchange, attempts, HttpResults.lastAttempt(result, error));
  }

  private static Outcome refused(@Nullable String detail) {
    return new Outcome.Refuse(
        Refusal.of(ErrorCode.POLICY_EVALUATION, FAILED).withLogDetail(String.valueOf(detail)));
  }
}
