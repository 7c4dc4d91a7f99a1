package dev.keygate.ai;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a key that does not simply work, and what follows from what happens to it. Pure
 * values; times are of a monotonic clock, in nanoseconds.
 */
sealed interface KeyState {
  /** How many failures in a row it takes, where none of them made the client wait. */
  int MOST_FAILURES = 5;

  /** Failures that are further apart are not in a row. */
  long MEMORY_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** The first rest after failures, or as long as the failure took where that is longer. */
  long REST_NANOS = TimeUnit.SECONDS.toNanos(10);

  long LONGEST_REST_NANOS = TimeUnit.MINUTES.toNanos(5);

  /** It failed, and is used. */
  record Failing(int failures, long lastAt) implements KeyState {}

  /**
   * It is passed over.
   *
   * @param round how many rests there were since it last worked
   */
  record Rest(Cause cause, int round, long until) implements KeyState {}

  /**
   * One request was let through.
   *
   * @param lostAt when that request counts as lost
   */
  record Probe(Cause cause, int round, long lostAt) implements KeyState {}

  /** Why a key rests. */
  enum Reason {
    REFUSED("the provider answered 401"),
    PAUSED("the provider answered 429 with Retry-After"),
    SILENT("the provider did not answer in time"),
    FAILING("the provider failed several times in a row");

    private final String words;

    Reason(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }

    /** Stable, in lower case. */
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What a key rests for.
   *
   * @param waited how long it was waited for in vain: that it was too long for one says nothing to
   *     a request that would wait longer
   */
  record Cause(Reason reason, long waited) {
    static final long AT_ANY_RATE = Long.MAX_VALUE;

    static Cause of(Reason reason) {
      return new Cause(reason, AT_ANY_RATE);
    }

    boolean concerns(long patience) {
      return patience <= waited;
    }
  }

  /**
   * The state after a failure.
   *
   * @param state before it; null when there was nothing to remember
   * @param enough how many of its kind in a row it takes
   * @param took how long it took
   */
  static KeyState failed(@Nullable KeyState state, Cause cause, int enough, long took, long now) {
    return switch (state) {
      // It rests already: this attempt began before, was made for want of any other, or waited
      // longer than what it rests for.
      case Rest rest when enough > 1 || cause.waited() <= rest.cause().waited() -> rest;
      case Rest rest -> rest(cause, rest.round(), took, now);
      case Probe probe -> rest(cause, probe.round() + 1, took, now);
      case Failing(int failures, long lastAt) when now - lastAt < MEMORY_NANOS ->
          failures + 1 < enough ? new Failing(failures + 1, now) : rest(cause, 1, took, now);
      case null, default -> enough > 1 ? new Failing(1, now) : rest(cause, 1, took, now);
    };
  }

  private static Rest rest(Cause cause, int round, long took, long now) {
    long first = Math.min(LONGEST_REST_NANOS, Math.max(REST_NANOS, took));
    return new Rest(
        cause, round, now + Math.min(LONGEST_REST_NANOS, first << Math.min(round - 1, 6)));
  }

  /** Whether it says nothing any more. */
  static boolean isOver(KeyState state, long now) {
    return switch (state) {
      case Failing(int failures, long lastAt) -> now - lastAt >= MEMORY_NANOS;
      case Rest(Cause cause, int round, long until) -> now - until >= 0;
      case Probe(Cause cause, int round, long lostAt) -> now - lostAt >= 0;
    };
  }
}
