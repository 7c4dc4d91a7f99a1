package dev.keygate.ai;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Surface;
import io.vertx.core.Vertx;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Refuses prompts of more tokens than a policy allows. A prompt that cannot have as many, having
 * fewer bytes, is not counted; a long one is counted off the event loop.
 */
final class PromptLimit {
  private final long most;
  private final Vertx vertx;
  private final @Nullable InputTokens tokens;

  private PromptLimit(long most, Vertx vertx, @Nullable InputTokens tokens) {
    this.most = most;
    this.vertx = vertx;
    this.tokens = tokens;
  }

  /**
   * A limit. Reads the tables it counts with, which takes a moment: call it where a policy is
   * compiled.
   *
   * @param most tokens; 0 for no limit
   */
  static PromptLimit of(long most, Vertx vertx) {
    return new PromptLimit(most, vertx, most == 0 ? null : InputTokens.shared());
  }

  /**
   * What comes next, for a prompt within the limit.
   *
   * @param fields of the body, or null where it is not read
   */
  Outcome around(
      Exchange exchange, Surface surface, @Nullable TopLevelFields fields, Supplier<Outcome> next) {
    if (tokens == null
        || fields == null
        || exchange.body().length() <= most
        || !InputTokens.hasPrompt(surface)) {
      return next.get();
    }
    if (exchange.body().length() <= InputTokens.LONG) {
      return decided(tokens.count(exchange.body(), most), next);
    }
    return new Outcome.Pending(
        vertx
            .executeBlocking(() -> tokens.count(exchange.body(), most), false)
            .map(count -> decided(count, next)));
  }

  private Outcome decided(long count, Supplier<Outcome> next) {
    return count <= most
        ? next.get()
        : Outcome.refuse(
            ErrorCode.TOO_MANY_INPUT_TOKENS,
            "Input too large: at least "
                + count
                + " tokens (max "
                + most
                + "). Shorten your prompt.");
  }
}
