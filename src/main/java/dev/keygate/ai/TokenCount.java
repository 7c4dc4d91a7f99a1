package dev.keygate.ai;

import dev.keygate.ai.translate.TokenUsage;
import dev.keygate.exchange.Exchange;
import org.jspecify.annotations.Nullable;

/** How many tokens a request took, and how that is known. */
public record TokenCount(TokenUsage usage, Source source) {

  /** Who counted. */
  public enum Source {
    /** The provider. */
    MEASURED,
    /** The gateway, by the length of the texts. */
    ESTIMATED
  }

  static TokenCount measured(TokenUsage usage) {
    return new TokenCount(usage, Source.MEASURED);
  }

  /** All that counts. */
  public long total() {
    return usage.input() + usage.output();
  }

  /** Notes it in the exchange's story, if it says anything. */
  void noteIn(Exchange exchange) {
    if (total() > 0 && storyOf(exchange) instanceof AttemptStory story) {
      story.count(this);
    }
  }

  /** What is known of the exchange so far; null when nothing is. */
  static @Nullable TokenCount of(Exchange exchange) {
    return storyOf(exchange) instanceof AttemptStory story ? story.tokens() : null;
  }

  private static @Nullable Object storyOf(Exchange exchange) {
    return exchange.results().get(AttemptStory.NAME);
  }
}
