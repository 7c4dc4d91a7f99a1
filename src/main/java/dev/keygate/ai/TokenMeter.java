package dev.keygate.ai;

import dev.keygate.ai.translate.TokenUsage;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.exchange.Surface;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a request takes while its answer passes, and notes it in the story when the answer
 * has ended: what the provider says, or else an estimate, marked as one. For one request, on its
 * event loop.
 *
 * @param used told of the tokens that the provider counted; 0 when there was no answer, and not
 *     called where nobody counted
 */
record TokenMeter(Exchange exchange, Asking asking, LongConsumer used) {
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
    return switch (outcome) {
      case Outcome.Pending pending -> new Outcome.Pending(pending.outcome().map(this::over));
      case Outcome.Respond respond -> new Outcome.Respond(over(respond.response()));
      case Outcome.Refuse refuse -> {
        used.accept(0);
        yield refuse;
      }
      default -> outcome;
    };
  }

  private Response over(Response response) {
    if (response.status() >= 400) {
      used.accept(0);
      return response;
    }
    return switch (response.body()) {
      case ResponseBody.Whole whole -> {
        UsageScan scan = new UsageScan();
        AnswerSample sample = new AnswerSample();
        scan.add(whole.bytes());
        sample.add(whole.bytes(), scan);
        ended(scan, sample, BYTES_PER_TOKEN);
        yield response;
      }
      case ResponseBody.Streamed streamed -> {
        // A provider that says how long its answer is does not stream it event by event.
        int bytesPerToken = streamed.length() < 0 ? STREAMED_BYTES_PER_TOKEN : BYTES_PER_TOKEN;
        CountedBody body =
            new CountedBody(
                streamed.source(), (scan, sample) -> ended(scan, sample, bytesPerToken));
        boolean isHidden = asking == Asking.GATEWAY;
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
  private void ended(UsageScan scan, AnswerSample sample, int bytesPerToken) {
    TokenCount.measured(scan.usage()).noteIn(exchange);
    TokenCount known = TokenCount.of(exchange);
    long counted = Math.max(scan.tokens(), known == null ? 0 : known.total());
    if (counted > 0) {
      used.accept(counted);
    } else {
      estimate(scan, sample, bytesPerToken).noteIn(exchange);
    }
  }

  /** By the tokenizer, but by lengths for what is long or packed, or came before it was ready. */
  private TokenCount estimate(UsageScan scan, AnswerSample sample, int bytesPerToken) {
    InputTokens tokenizer = InputTokens.ready();
    long answer = tokenizer == null ? -1 : sample.tokens(scan.bytes(), tokenizer::count);
    TokenUsage usage =
        new TokenUsage(
            prompt(tokenizer),
            0,
            0,
            answer < 0 ? Math.ceilDiv(scan.bytes(), bytesPerToken) : answer,
            0);
    return new TokenCount(usage, TokenCount.Source.ESTIMATED);
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
