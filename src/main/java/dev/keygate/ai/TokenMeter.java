package dev.keygate.ai;

import dev.keygate.ai.translate.TokenUsage;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.exchange.Surface;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a request takes while its answer passes, and notes it in the story when the answer is
 * over: what the provider says, or else an estimate, marked as one. Of an answer that broke off, or
 * that the client did not read to its end, the estimate is of what passed. For one request, on its
 * event loop.
 *
 * @param used told once how many tokens it took, and who counted: none when there was no answer.
 *     Not called when the client went away before one
 */
record TokenMeter(Exchange exchange, Asking asking, ObjLongConsumer<TokenCount.Source> used) {
  private static final int BYTES_PER_TOKEN = 4;

  /** An event of a chat stream brings about one token. */
  private static final int STREAMED_BYTES_PER_TOKEN = 200;

  /** Who asks for a stream's usage. */
  enum Asking {
    CLIENT,
    GATEWAY
  }

  /** Whether requests like this take tokens. */
  static boolean counts(Exchange exchange, Surface surface) {
    return switch (surface) {
      case COUNT_TOKENS, MODELS, FILES -> false;
      default -> exchange.method().equals("POST");
    };
  }

  /** The outcome with its answer measured. */
  Outcome over(Outcome outcome) {
    if (outcome instanceof Outcome.Pending pending) {
      return new Outcome.Pending(pending.outcome().map(this::over));
    }
    if (outcome instanceof Outcome.Respond respond) {
      return new Outcome.Respond(over(respond.response()));
    }
    if (outcome instanceof Outcome.Refuse) {
      used.accept(TokenCount.Source.MEASURED, 0);
    }
    return outcome;
  }

  private Response over(Response response) {
    if (response.status() >= 400) {
      used.accept(TokenCount.Source.MEASURED, 0);
      return response;
    }
    if (response.body() instanceof ResponseBody.Whole whole) {
      UsageScan scan = new UsageScan();
      AnswerSample sample = new AnswerSample();
      scan.add(whole.bytes());
      sample.add(whole.bytes(), scan);
      ended(scan, sample, BYTES_PER_TOKEN);
      return response;
    }
    return new Response(
        response.status(), response.headers(), over((ResponseBody.Streamed) response.body()));
  }

  private ResponseBody over(ResponseBody.Streamed streamed) {
    // A provider that says how long its answer is does not stream it event by event.
    int bytesPerToken = streamed.length() < 0 ? STREAMED_BYTES_PER_TOKEN : BYTES_PER_TOKEN;
    CountedBody body =
        new CountedBody(
            streamed.source(),
            (scan, sample) -> ended(scan, sample, bytesPerToken),
            (scan, sample) -> brokenOff(scan, sample, bytesPerToken));
    boolean isHidden = asking == Asking.GATEWAY;
    return new ResponseBody.Streamed(
        isHidden ? new FilteredBody(body) : body,
        isHidden ? -1 : streamed.length(),
        () -> {
          streamed.cancel().run();
          body.breakOff();
        });
  }

  /** What is said in the answer counts; else what was said before it was translated. */
  private void ended(UsageScan scan, AnswerSample sample, int bytesPerToken) {
    TokenCount.measured(scan.usage()).noteIn(exchange);
    TokenCount known = TokenCount.of(exchange);
    long counted = Math.max(scan.tokens(), known == null ? 0 : known.total());
    if (counted > 0) {
      used.accept(TokenCount.Source.MEASURED, counted);
    } else {
      estimated(estimate(scan, sample, bytesPerToken));
    }
  }

  /** What such an answer says of itself may be of its beginning, and is the least that it took. */
  private void brokenOff(UsageScan scan, AnswerSample sample, int bytesPerToken) {
    TokenUsage said = scan.usage();
    TokenUsage seen = estimate(scan, sample, bytesPerToken);
    estimated(
        new TokenUsage(
            said.input() > 0 ? said.input() : seen.input(),
            said.cacheRead(),
            said.cacheWrite(),
            Math.max(said.output(), seen.output()),
            0));
  }

  private void estimated(TokenUsage usage) {
    TokenCount count = new TokenCount(usage, TokenCount.Source.ESTIMATED);
    count.noteIn(exchange);
    used.accept(count.source(), count.total());
  }

  /** By the tokenizer, but by lengths for what is long or packed, or came before it was ready. */
  private TokenUsage estimate(UsageScan scan, AnswerSample sample, int bytesPerToken) {
    InputTokens tokenizer = InputTokens.ready();
    long byLength = Math.ceilDiv(scan.bytes(), bytesPerToken);
    long answer = tokenizer == null ? byLength : read(scan, sample, tokenizer, byLength);
    return new TokenUsage(prompt(tokenizer), 0, 0, isText() ? answer : 0, 0);
  }

  private static long read(
      UsageScan scan, AnswerSample sample, InputTokens tokenizer, long byLength) {
    long tokens = sample.tokens(scan.bytes(), tokenizer::count);
    if (tokens >= 0) {
      return tokens;
    }
    // A count that nothing readable came after was the last word.
    return scan.hasFound() ? 0 : byLength;
  }

  /** A picture, a sound or a list of numbers is none, however long. */
  private boolean isText() {
    Surface surface = exchange.surface();
    return surface != null && !AnswerBound.names(surface).isEmpty();
  }

  private long prompt(@Nullable InputTokens tokenizer) {
    int length = exchange.body().length();
    long byLength = Math.ceilDiv(length, BYTES_PER_TOKEN);
    if (tokenizer == null || length > InputTokens.LONG) {
      return byLength;
    }
    // No text has more tokens than bytes: more than those means that it could not be read.
    long counted = tokenizer.count(exchange.body(), length);
    return counted > length ? byLength : counted;
  }
}
