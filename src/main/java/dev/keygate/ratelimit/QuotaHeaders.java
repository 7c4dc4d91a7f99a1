package dev.keygate.ratelimit;

import dev.keygate.ratelimit.Verdict.Decision;
import io.netty.util.AsciiString;
import java.util.function.BiConsumer;

/**
 * The header fields by which OpenAI's API tells clients where they stand, and which SDKs read:
 * {@code x-ratelimit-limit-requests}, {@code -remaining-} and {@code -reset-}, the last in the form
 * {@code 6m0s} or {@code 12s}.
 */
public final class QuotaHeaders {
  private final AsciiString limit;
  private final AsciiString remaining;
  private final AsciiString reset;

  /**
   * @param what {@code requests} or {@code tokens}
   */
  public QuotaHeaders(String what) {
    this.limit = AsciiString.cached("x-ratelimit-limit-" + what);
    this.remaining = AsciiString.cached("x-ratelimit-remaining-" + what);
    this.reset = AsciiString.cached("x-ratelimit-reset-" + what);
  }

  /** Hands over the fields, name and value. */
  public void addTo(BiConsumer<CharSequence, String> headers, long capacity, Decision decision) {
    headers.accept(limit, Long.toString(capacity));
    headers.accept(remaining, Long.toString(decision.remaining()));
    headers.accept(reset, duration(decision.resetSeconds()));
  }

  private static String duration(long seconds) {
    return seconds < 60 ? seconds + "s" : seconds / 60 + "m" + seconds % 60 + "s";
  }
}
