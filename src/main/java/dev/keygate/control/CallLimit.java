package dev.keygate.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;

/**
 * How many calls a management key may make: so many in any 60 seconds, counted second by second.
 * Safe for use from any thread.
 */
final class CallLimit {
  /** The second under way and the 60 before it, so that no window of 60 seconds holds more. */
  private static final int SECONDS = 61;

  private final int perMinute;
  private final Cache<String, Window> windows =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterAccess(Duration.ofMinutes(5)).build();

  CallLimit(int perMinute) {
    this.perMinute = perMinute;
  }

  /** Counts a call, or refuses it; a refused one is not counted. */
  void count(String keyId, Instant now) {
    long wait = windows.get(keyId, id -> new Window()).take(now.getEpochSecond(), perMinute);
    if (wait > 0) {
      throw ApiError.of(
              ErrorCode.TOO_MANY_CALLS,
              "The management API key is limited to " + perMinute + " calls a minute.")
          .retryAfter(wait);
    }
  }

  /** The calls of one key. */
  private static final class Window {
    private final int[] counts = new int[SECONDS];
    private long latest = Long.MIN_VALUE;
    private int total;

    /** Takes one call; otherwise the seconds after which there is room again. */
    synchronized long take(long second, int limit) {
      // A clock that is set back must not open the window again.
      long now = Math.max(second, latest);
      long first = latest == Long.MIN_VALUE ? now : Math.max(latest + 1, now - SECONDS + 1);
      for (long passed = first; passed <= now; passed++) {
        total -= counts[slot(passed)];
        counts[slot(passed)] = 0;
      }
      latest = now;
      if (total < limit) {
        counts[slot(now)]++;
        total++;
        return 0;
      }
      long oldest = now - SECONDS + 1;
      while (oldest < now && counts[slot(oldest)] == 0) {
        oldest++;
      }
      return oldest + SECONDS - now;
    }

    private static int slot(long second) {
      return Math.floorMod(second, SECONDS);
    }
  }
}
