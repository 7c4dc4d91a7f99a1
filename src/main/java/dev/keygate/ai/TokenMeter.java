package dev.keygate.ai;

import dev.keygate.ai.translate.TokenUsage;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.exchange.Surface;
import java.util.function.LongConsumer;

/**
 * Counts what a request takes while its answer passes, and notes it in the story when the answer
 * has ended: what the provider says, or else an estimate by lengths, marked as one. For one
 * request, on its event loop.
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
        scan.add(whole.bytes());
        ended(scan, BYTES_PER_TOKEN);
        yield response;
      }
      case ResponseBody.Streamed streamed -> {
        // A provider that says how long its answer is does not stream it event by event.
        int bytesPerToken = streamed.length() < 0 ? STREAMED_BYTES_PER_TOKEN : BYTES_PER_TOKEN;
        CountedBody body = new CountedBody(streamed.source(), scan -> ended(scan, bytesPerToken));
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
  private void ended(UsageScan scan, int bytesPerToken) {
    TokenCount.measured(scan.usage()).noteIn(exchange);
    TokenCount known = TokenCount.of(exchange);
    long counted = Math.max(scan.tokens(), known == null ? 0 : known.total());
    if (counted > 0) {
      used.accept(counted);
    } else {
      estimate(Math.ceilDiv(scan.bytes(), bytesPerToken)).noteIn(exchange);
    }
  }

  private TokenCount estimate(long answer) {
    long prompt = Math.ceilDiv(exchange.body().length(), BYTES_PER_TOKEN);
    return new TokenCount(new TokenUsage(prompt, 0, 0, answer, 0), TokenCount.Source.ESTIMATED);
  }
}
