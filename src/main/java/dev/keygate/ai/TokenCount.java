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
    /** The gateway, by a tokenizer or, where that cannot be, by lengths. */
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
    AttemptStory story = AttemptStory.of(exchange);
    if (total() > 0 && story != null) {
      story.count(this);
    }
  }

  /** What is known of the exchange so far; null when nothing is. */
  static @Nullable TokenCount of(Exchange exchange) {
    AttemptStory story = AttemptStory.of(exchange);
    return story == null ? null : story.tokens();
  }
}
