package dev.keygate.policy.action;

import dev.keygate.endpoint.Endpoint;
import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Refusal;
import dev.keygate.policy.Action;
import dev.keygate.policy.config.Durations;
import dev.keygate.policy.expression.Expression;
import dev.keygate.policy.expression.Values;
import dev.keygate.ratelimit.BucketHash;
import dev.keygate.ratelimit.BucketKey;
import dev.keygate.ratelimit.Limiter;
import dev.keygate.ratelimit.Verdict;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One compiled {@code rate-limit}. */
final class RateLimitAction implements Action {
  private final RateLimit.Config config;
  private final long capacity;
  private final Limiter limiter;
  private final BucketHash hash;
  private final RateLimitHeaders headers;
  private final String message;

  RateLimitAction(RateLimit.Config config, long capacity, Limiter limiter, BucketHash hash) {
    this.capacity = capacity;
    this.config = config;
    this.limiter = limiter;
    this.hash = hash;
    Duration window = config.rate().window();
    this.headers = new RateLimitHeaders(config.name(), capacity, window);
    this.message =
        "Too many requests: the limit is %d in %s. Try again in "
            .formatted(capacity, Durations.format(window));
  }

  @Override
  public Outcome apply(Exchange exchange) {
    BucketKey bucket = bucket(exchange);
    return switch (limiter.take(bucket, 1, capacity)) {
      case Verdict.Decision decision -> decided(exchange, bucket, decision);
      case Verdict.Pending pending ->
          new Outcome.Pending(
              pending.decision().map(decision -> decided(exchange, bucket, decision)));
    };
  }

  private Outcome decided(Exchange exchange, BucketKey bucket, Verdict.Decision decision) {
    exchange.results().put("rate_limit", new RateLimitResult(bucket, !decision.admitted()));
    if (!config.enforce()) {
      return Outcome.CONTINUE;
    }
    headers.addTo(exchange, decision);
    return decision.admitted() ? Outcome.CONTINUE : refused(decision.retryAfterSeconds());
  }

  private Outcome refused(int seconds) {
    return new Outcome.Refuse(
        Refusal.of(ErrorCode.RATE_LIMITED, message + seconds + "s.")
            .withLogDetail("rate limit '" + config.name() + "'")
            .withRetryAfter(seconds));
  }

  /** Endpoints whose policies say the same count apart. */
  private BucketKey bucket(Exchange exchange) {
    Endpoint endpoint = exchange.endpoint();
    BucketHash.Running running = hash.start().text(endpoint == null ? "" : endpoint.id());
    for (Expression expression : config.bucketKey()) {
      add(running, expression.evaluate(exchange));
    }
    return running.finish();
  }

  private static void add(BucketHash.Running running, @Nullable Object value) {
    switch (value) {
      case String text -> running.word(1).text(text);
      case List<?> items -> {
        running.word(3).word(items.size());
        items.forEach(item -> add(running, item));
      }
      case null, default -> running.word(2).text(Values.text(value));
    }
  }
}
