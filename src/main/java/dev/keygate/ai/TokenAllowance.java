package dev.keygate.ai;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Refusal;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.exchange.Surface;
import dev.keygate.key.GatewayKey;
import dev.keygate.ratelimit.BucketHash;
import dev.keygate.ratelimit.BucketKey;
import dev.keygate.ratelimit.Limit;
import dev.keygate.ratelimit.Limiter;
import dev.keygate.ratelimit.QuotaHeaders;
import dev.keygate.ratelimit.RateLimits;
import dev.keygate.ratelimit.Verdict;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds gateway keys to their tokens a minute. An estimate is reserved before a provider is called:
 * a quarter of the body's bytes, and the answer's length that the client allows. When the answer
 * says what it used, that counts in its place; one that failed counts nothing, and one that broke
 * off or says nothing counts as estimated.
 */
final class TokenAllowance {
  private static final int BYTES_PER_TOKEN = 4;

  /** What an answer is expected to take when the client sets no bound. */
  private static final long USUAL_ANSWER = 512;

  private static final String[] ANSWER_BOUNDS = {
    "max_completion_tokens", "max_output_tokens", "max_tokens"
  };

  private static final QuotaHeaders HEADERS = new QuotaHeaders("tokens");

  private final Limiter tokens;
  private final BucketHash hash;

  TokenAllowance(RateLimits limits) {
    this.tokens = limits.limits().limiter(new Limit("key tokens", Duration.ofMinutes(1)));
    this.hash = limits.hash();
  }

  /** A reservation, until the answer is known. */
  private record Reserved(BucketKey bucket, long perMinute, long estimate, Asking asking) {}

  /** Who asks for a stream's usage. */
  private enum Asking {
    CLIENT,
    GATEWAY
  }

  /**
   * The outcome of the attempts, made when the key has tokens left.
   *
   * @param fields of the body, or null where it is not read
   */
  Outcome around(
      Exchange exchange,
      Surface surface,
      @Nullable TopLevelFields fields,
      Supplier<Outcome> attempts) {
    GatewayKey key = exchange.key();
    long perMinute = key == null ? 0 : key.limits().tokensPerMinute();
    if (key == null || !counts(exchange, surface)) {
      return attempts.get();
    }
    exchange.askUnencoded();
    Asking asking =
        StreamUsage.isSilent(exchange, surface, fields) ? Asking.GATEWAY : Asking.CLIENT;
    long estimate = Math.min(perMinute, estimate(exchange, surface, fields));
    Reserved reserved = new Reserved(hash.of(key.id()), perMinute, estimate, asking);
    return switch (tokens.take(reserved.bucket(), estimate, perMinute)) {
      case Verdict.Decision decision -> decided(exchange, reserved, decision, attempts);
      case Verdict.Pending pending ->
          new Outcome.Pending(
              pending.decision().map(known -> decided(exchange, reserved, known, attempts)));
    };
  }

  /** Whether the tokens of a request are counted. */
  static boolean counts(Exchange exchange, Surface surface) {
    GatewayKey key = exchange.key();
    return key != null && key.limits().tokensPerMinute() != 0 && usesTokens(exchange, surface);
  }

  private static boolean usesTokens(Exchange exchange, Surface surface) {
    return switch (surface) {
      case COUNT_TOKENS, MODELS, FILES -> false;
      default -> exchange.method().equals("POST");
    };
  }

  private Outcome decided(
      Exchange exchange, Reserved reserved, Verdict.Decision decision, Supplier<Outcome> attempts) {
    HEADERS.addTo(exchange::addAnswerHeader, reserved.perMinute(), decision);
    if (decision.admitted()) {
      return counted(attempts.get(), new Open(exchange, reserved, decision.stamp()));
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

  /** A reservation that an answer will settle. */
  private record Open(Exchange exchange, Reserved reserved, long stamp) {}

  private Outcome counted(Outcome outcome, Open open) {
    return switch (outcome) {
      case Outcome.Pending pending ->
          new Outcome.Pending(pending.outcome().map(known -> counted(known, open)));
      case Outcome.Respond respond -> new Outcome.Respond(counted(respond.response(), open));
      case Outcome.Refuse refuse -> {
        settle(open, 0);
        yield refuse;
      }
      default -> outcome;
    };
  }

  private Response counted(Response response, Open open) {
    if (response.status() >= 400) {
      settle(open, 0);
      return response;
    }
    return switch (response.body()) {
      case ResponseBody.Whole whole -> {
        UsageScan scan = new UsageScan();
        scan.add(whole.bytes());
        settleIfKnown(open, scan);
        yield response;
      }
      case ResponseBody.Streamed streamed -> {
        ReadStream<Buffer> body =
            new CountedBody(streamed.source(), scan -> settleIfKnown(open, scan));
        boolean isHidden = open.reserved().asking() == Asking.GATEWAY;
        yield new Response(
            response.status(),
            response.headers(),
            new ResponseBody.Streamed(
                isHidden ? new FilteredBody(body) : body,
                isHidden ? -1 : streamed.length(),
                streamed.cancel()));
      }
    };
  }

  /** What is said in the answer counts; else what was said before it was translated. */
  private void settleIfKnown(Open open, UsageScan scan) {
    TokenCount.measured(scan.usage()).noteIn(open.exchange());
    TokenCount known = TokenCount.of(open.exchange());
    long used = Math.max(scan.tokens(), known == null ? 0 : known.total());
    if (used > 0) {
      settle(open, used);
    }
  }

  private void settle(Open open, long used) {
    Reserved reserved = open.reserved();
    tokens.settle(reserved.bucket(), open.stamp(), reserved.estimate(), used);
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
    for (String name : ANSWER_BOUNDS) {
      int field = fields.find(name);
      if (field >= 0) {
        return number(exchange.body().getString(fields.valueOffset(field), fields.end(field)));
      }
    }
    return USUAL_ANSWER;
  }

  private static long number(String text) {
    boolean isNumber =
        !text.isEmpty() && text.length() <= 10 && text.chars().allMatch(Character::isDigit);
    return isNumber ? Long.parseLong(text) : USUAL_ANSWER;
  }
}
