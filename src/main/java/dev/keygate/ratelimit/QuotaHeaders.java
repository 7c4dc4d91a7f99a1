package dev.keygate.ratelimit;

import dev.keygate.ratelimit.Verdict.Decision;
import java.util.function.BiConsumer;

/**
 * The header fields by which OpenAI's API tells clients where they stand, and which SDKs read:
 * {@code x-ratelimit-limit-requests}, {@code -remaining-} and {@code -reset-}, the last in the form
 * {@code 6m0s} or {@code 12s}.
 */
public final class QuotaHeaders {
  private final String limit;
  private final String remaining;
  private final String reset;

  /**
   * @param what {@code requests} or {@code tokens}
   */
  public QuotaHeaders(String what) {
    this.limit = "x-ratelimit-limit-" + what;
    this.remaining = "x-ratelimit-remaining-" + what;
    this.reset = "x-ratelimit-reset-" + what;
  }

  /** Hands over the fields, name and value. */
  public void addTo(BiConsumer<String, String> headers, long capacity, Decision decision) {
    headers.accept(limit, Long.toString(capacity));
    headers.accept(remaining, Long.toString(decision.remaining()));
    headers.accept(reset, duration(decision.resetSeconds()));
  }

  private static String duration(long seconds) {
    return seconds < 60 ? seconds + "s" : seconds / 60 + "m" + seconds % 60 + "s";
  }
}
