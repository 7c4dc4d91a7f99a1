package dev.keygate.ai;

import dev.keygate.ai.catalog.Prices;
import dev.keygate.ai.translate.TokenUsage;
import dev.keygate.key.TokenText;
import dev.keygate.usage.Routed;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request's story in the form in which it is remembered. Pure. */
final class RoutedStory {
  private static final double BILLIONTHS_A_MILLION = 1e9 / 1e6;

  private RoutedStory() {}

  static Routed of(AttemptStory story) {
    return new Routed(
        each(story.names(), TokenText::redact),
        candidates(story),
        each(story.skipped(), RoutedStory::skip),
        each(story.made(), made -> attempt(made.attempt())),
        tokens(story.tokens()),
        cost(story));
  }

  /** What a function makes of each; nearly all requests have one or none, and want no stream. */
  private static <A, B> List<B> each(List<A> all, Function<A, B> made) {
    return switch (all.size()) {
      case 0 -> List.of();
      case 1 -> List.of(made.apply(all.getFirst()));
      default -> all.stream().map(made).toList();
    };
  }

  /** Of a request that went where it asked to go nothing else need be thought of. */
  private static List<Routed.Candidate> candidates(AttemptStory story) {
    boolean isPlain = story.names().size() == 1 && story.attemptCount() == 1 && story.isSuccess();
    if (isPlain) {
      Candidate only = story.made().getFirst().sent().candidate();
      return List.of(candidate(CandidateRecord.of(only, CandidateRecord.Fate.TRIED)));
    }
    return story.candidates().stream().map(RoutedStory::candidate).toList();
  }

  private static Routed.Candidate candidate(CandidateRecord candidate) {
    return new Routed.Candidate(
        candidate.provider(), TokenText.redact(candidate.model()), candidate.fate().words());
  }

  private static Routed.Skip skip(SkipRecord skip) {
    return new Routed.Skip(
        skip.provider(), TokenText.redact(skip.model()), skip.providerKeyId(), skip.reason());
  }

  private static Routed.Attempt attempt(AttemptRecord attempt) {
    return new Routed.Attempt(
        attempt.provider(),
        TokenText.redact(attempt.model()),
        attempt.providerKeyId(),
        attempt.status(),
        attempt.ending().id(),
        attempt.verdict().id(),
        TimeUnit.NANOSECONDS.toMicros(attempt.startNanos()),
        TimeUnit.NANOSECONDS.toMicros(attempt.firstByteNanos()));
  }

  private static Routed.Tokens tokens(@Nullable TokenCount counted) {
    return counted == null
        ? Routed.Tokens.UNKNOWN
        : new Routed.Tokens(
            counted.usage().input(),
            counted.usage().output(),
            switch (counted.source()) {
              case MEASURED -> Routed.Tokens.Source.MEASURED;
              case ESTIMATED -> Routed.Tokens.Source.ESTIMATED;
            });
  }

  /** In billionths of a dollar; negative where the price or the count is not known. */
  private static long cost(AttemptStory story) {
    TokenCount counted = story.tokens();
    return counted == null || story.made().isEmpty()
        ? -1
        : cost(
            counted.usage(), story.made().getLast().sent().candidate().listing().facts().prices());
  }

  private static long cost(TokenUsage usage, Prices prices) {
    if (Double.isNaN(prices.input()) || Double.isNaN(prices.output())) {
      return -1;
    }
    long plain = Math.max(0, usage.input() - usage.cacheRead() - usage.cacheWrite());
    double dollars =
        plain * prices.input()
            + usage.cacheRead() * known(prices.cacheRead(), prices.input())
            + usage.cacheWrite() * known(prices.cacheWrite(), prices.input())
            + usage.output() * prices.output();
    return Math.round(dollars * BILLIONTHS_A_MILLION);
  }

  private static double known(double price, double otherwise) {
    return Double.isNaN(price) ? otherwise : price;
  }
}
