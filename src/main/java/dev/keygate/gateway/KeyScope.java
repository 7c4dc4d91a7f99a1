package dev.keygate.gateway;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Refusal;
import dev.keygate.key.GatewayKey;
import dev.keygate.key.KeyLimits;
import dev.keygate.policy.TrafficPolicy;
import dev.keygate.ratelimit.BucketHash;
import dev.keygate.ratelimit.Limit;
import dev.keygate.ratelimit.Limiter;
import dev.keygate.ratelimit.QuotaHeaders;
import dev.keygate.ratelimit.RateLimits;
import dev.keygate.ratelimit.Verdict;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds gateway keys to where and how often they may be used (SPEC.md section 3). A key without
 * limits costs two comparisons. Shared by all event loops.
 */
final class KeyScope {
  private static final Refusal NOT_FROM_HERE =
      Refusal.of(
          ErrorCode.ADDRESS_NOT_ALLOWED,
          "The gateway API key may not be used from your network address.");

  private static final Refusal TOO_MANY_AT_ONCE =
      Refusal.of(
              ErrorCode.RATE_LIMITED,
              "Too many requests of this gateway API key are under way. Wait until one has ended.")
          .withLogDetail("max_concurrent")
          .withRetryAfter(1);

  private static final QuotaHeaders HEADERS = new QuotaHeaders("requests");

  private final Limiter requests;
  private final BucketHash hash;

  /** How many requests are under way of keys for which that is limited. */
  private final ConcurrentHashMap<String, Integer> underWay = new ConcurrentHashMap<>();

  KeyScope(RateLimits limits) {
    this.requests = limits.limits().limiter(new Limit("key requests", Duration.ofMinutes(1)));
    this.hash = limits.hash();
  }

  /** Why the key may not be used from there or now, or null when it may. Asked once a request. */
  @Nullable Refusal refusal(Exchange exchange, GatewayKey key) {
    KeyLimits limits = key.limits();
    if (!limits.allowsFrom(exchange.connection().client())) {
      return NOT_FROM_HERE.withLogDetail("allowed_cidrs");
    }
    if (limits.maxConcurrent() == 0) {
      return null;
    }
    if (!enter(key.id(), limits.maxConcurrent())) {
      return TOO_MANY_AT_ONCE;
    }
    exchange.onFinished(() -> leave(key.id()));
    return null;
  }

  /** The rules' outcome, when the key has not had as many requests as it may have. */
  Outcome onHttpRequest(Exchange exchange, TrafficPolicy rules) {
    GatewayKey key = exchange.key();
    long perMinute = key == null ? 0 : key.limits().requestsPerMinute();
    if (key == null || perMinute == 0) {
      return rules.onHttpRequest(exchange);
    }
    return switch (requests.take(hash.of(key.id()), 1, perMinute)) {
      case Verdict.Decision decision -> decided(exchange, rules, perMinute, decision);
      case Verdict.Pending pending ->
          new Outcome.Pending(
              pending.decision().map(known -> decided(exchange, rules, perMinute, known)));
    };
  }

  private static Outcome decided(
      Exchange exchange, TrafficPolicy rules, long perMinute, Verdict.Decision decision) {
    HEADERS.addTo(exchange::addAnswerHeader, perMinute, decision);
    if (decision.admitted()) {
      return rules.onHttpRequest(exchange);
    }
    int seconds = decision.retryAfterSeconds();
    return new Outcome.Refuse(
        Refusal.of(
                ErrorCode.RATE_LIMITED,
                "Too many requests: this gateway API key may make %d a minute. Try again in %ds."
                    .formatted(perMinute, seconds))
            .withLogDetail("requests_per_minute")
            .withRetryAfter(seconds));
  }

  private boolean enter(String keyId, int most) {
    boolean[] entered = new boolean[1];
    underWay.compute(
        keyId,
        (id, count) -> {
          int before = count == null ? 0 : count;
          entered[0] = before < most;
          return entered[0] ? before + 1 : before;
        });
    return entered[0];
  }

  private void leave(String keyId) {
    underWay.computeIfPresent(keyId, (id, count) -> count == 1 ? null : count - 1);
  }
}
