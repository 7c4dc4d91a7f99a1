package dev.keygate.ai;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Refusal;
import dev.keygate.exchange.Surface;
import dev.keygate.key.GatewayKey;
import dev.keygate.ratelimit.BucketHash;
import dev.keygate.ratelimit.BucketKey;
import dev.keygate.ratelimit.Limit;
import dev.keygate.ratelimit.Limiter;
import dev.keygate.ratelimit.QuotaHeaders;
import dev.keygate.ratelimit.RateLimits;
import dev.keygate.ratelimit.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Has the tokens of requests counted, and holds gateway keys to theirs a minute. An estimate is
 * reserved before a provider is called: a quarter of the body's bytes, and the answer's length that
 * the client allows. When the answer says what it used, that counts in its place, and one that
 * failed counts nothing. One that broke off, was not read to its end or says nothing counts as
 * reserved, and as what passed of it is estimated to be when that is more.
 */
final class TokenAllowance {
  private static final int BYTES_PER_TOKEN = 4;

  /** What an answer is expected to take when the client sets no bound. */
  private static final long USUAL_ANSWER = 512;

  private static final QuotaHeaders HEADERS = new QuotaHeaders("tokens");

  private final Limiter tokens;
  private final BucketHash hash;

  TokenAllowance(RateLimits limits) {
    this.tokens = limits.limits().limiter(new Limit("key tokens", Duration.ofMinutes(1)));
    this.hash = limits.hash();
  }

  /** A reservation, until the answer is known. */
  private record Reserved(BucketKey bucket, long perMinute, long estimate) {
    /** What counts in its place. */
    long settled(TokenCount.Source source, long tokens) {
      return switch (source) {
        case MEASURED -> tokens;
        case ESTIMATED -> Math.max(estimate, tokens);
      };
    }
  }

  /**
   * The outcome of the attempts, made when the key has tokens left.
   *
   * @param fields of the body, or null where it is not read
   * @param asking who asks for the usage of a streamed answer
   */
  Outcome around(
      Exchange exchange,
      Surface surface,
      @Nullable TopLevelFields fields,
      TokenMeter.Asking asking,
      Supplier<Outcome> attempts) {
    if (!TokenMeter.counts(exchange, surface)) {
      return attempts.get();
    }
    exchange.askUnencoded();
    GatewayKey key = exchange.key();
    long perMinute = key == null ? 0 : key.limits().tokensPerMinute();
    if (key == null || perMinute == 0) {
      return new TokenMeter(exchange, asking, (source, used) -> {}).over(attempts.get());
    }
    long estimate = Math.min(perMinute, estimate(exchange, surface, fields));
    Reserved reserved = new Reserved(hash.of(key.id()), perMinute, estimate);
    return switch (tokens.take(reserved.bucket(), estimate, perMinute)) {
      case Verdict.Decision decision -> decided(exchange, asking, reserved, decision, attempts);
      case Verdict.Pending pending ->
          new Outcome.Pending(
              pending
                  .decision()
                  .map(known -> decided(exchange, asking, reserved, known, attempts)));
    };
  }

  private Outcome decided(
      Exchange exchange,
      TokenMeter.Asking asking,
      Reserved reserved,
      Verdict.Decision decision,
      Supplier<Outcome> attempts) {
    HEADERS.addTo(exchange::addAnswerHeader, reserved.perMinute(), decision);
    if (decision.admitted()) {
      return new TokenMeter(
              exchange,
              asking,
              (source, used) ->
                  tokens.settle(
                      reserved.bucket(),
                      decision.stamp(),
                      reserved.estimate(),
                      reserved.settled(source, used)))
          .over(attempts.get());
    }
    int seconds = decision.retryAfterSeconds();
    return new Outcome.Refuse(
        Refusal.of(
                ErrorCode.RATE_LIMITED,
                "Too many tokens: this gateway API key may use %d a minute, and this request needs about %d. Try again in %ds."
                    .formatted(reserved.perMinute(), reserved.estimate(), seconds))
            .withLogDetail("tokens_per_minute")
            .withRetryAfter(seconds));
  }

  private static long estimate(
      Exchange exchange, Surface surface, @Nullable TopLevelFields fields) {
    long prompt = Math.ceilDiv(exchange.body().length(), BYTES_PER_TOKEN);
    return Math.max(1, prompt + answer(exchange, surface, fields));
  }

  private static long answer(Exchange exchange, Surface surface, @Nullable TopLevelFields fields) {
    if (surface == Surface.EMBEDDINGS || surface == Surface.MODERATIONS || fields == null) {
      return 0;
    }
    List<String> names = AnswerBound.names(surface);
    long most = -1;
    // Providers differ in which of two they read.
    for (int field = 0; field < fields.count(); field++) {
      if (names.contains(BodyChanges.folded(fields.name(field)))) {
        String said = exchange.body().getString(fields.valueOffset(field), fields.end(field));
        most = Math.max(most, number(said));
      }
    }
    return most < 0 ? USUAL_ANSWER : most;
  }

  private static long number(String text) {
    boolean isNumber =
        !text.isEmpty() && text.length() <= 10 && text.chars().allMatch(Character::isDigit);
    return isNumber ? Long.parseLong(text) : USUAL_ANSWER;
  }
}
