package dev.keygate.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;

/**
 * How many calls a management key may make: {@value #PER_MINUTE} in a minute of the clock. Safe for
 * use from any thread.
 */
final class CallLimit {
  static final int PER_MINUTE = 6000;

  private static final long MINUTE_SECONDS = 60;

  private final Cache<String, Window> windows =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterAccess(Duration.ofMinutes(5)).build();

  private record Window(long minute, int calls) {}

  /** Counts a call, or refuses it. */
  void count(String keyId, Instant now) {
    long minute = now.getEpochSecond() / MINUTE_SECONDS;
    Window window =
        windows
            .asMap()
            .compute(
                keyId,
                (id, last) ->
                    last == null || last.minute() != minute
                        ? new Window(minute, 1)
                        : new Window(minute, last.calls() + 1));
    if (window.calls() > PER_MINUTE) {
      long wait = MINUTE_SECONDS - now.getEpochSecond() % MINUTE_SECONDS;
      throw ApiError.of(
              429,
              "ERR_NGROK_226",
              "The management API key is limited to " + PER_MINUTE + " calls a minute.")
          .with("retry_after", Long.toString(wait));
    }
  }
}
