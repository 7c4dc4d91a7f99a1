package dev.keygate.ai;

import dev.keygate.ai.AttemptResult.Answered;
import dev.keygate.ai.AttemptResult.Failed;
import dev.keygate.exchange.Format;
import dev.keygate.live.ProviderKey;
import dev.keygate.secret.Secret;
import dev.keygate.telemetry.Metrics;
import io.vertx.core.http.HttpHeaders;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which keys are set aside for a while, each at its provider; a provider that needs no key counts
 * as one key. A key whose value changes is another key, and so is one at another address.
 *
 * <p>A key <em>rests</em> when its provider refused it (401), asked it to pause (429 with {@code
 * Retry-After}), kept a request waiting until a time limit, or failed {@value #MOST_FAILURES} times
 * in a row. When the rest is over one request goes through as a <em>probe</em>, while the others
 * still pass the key over. If the probe is answered, all is well again; if it fails, the key rests
 * twice as long. A probe of which nothing is heard leaves its place to another.
 *
 * <p>Nothing is kept of a key that works, so that asking costs one look while all do. Safe for use
 * by all event loops, none of which waits for another: states are values that are swapped.
 */
public final class KeyHealth {
  private static final Logger LOG = LoggerFactory.getLogger(KeyHealth.class);

  /** How many failures in a row it takes, where none of them made the client wait. */
  static final int MOST_FAILURES = 5;

  /** Failures that are further apart are not in a row. */
  static final long MEMORY_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Not being connected after this time is waiting: a dead host refuses at once. */
  static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The first rest after failures, or as long as the failure took where that is longer. */
  static final long REST_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** How long a key rests that the provider answered 401 to. */
  static final long REFUSED_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final long LONGEST_REST_NANOS = TimeUnit.MINUTES.toNanos(5);

  /** The longest pause that a provider may ask for. */
  private static final int MOST_SECONDS = 3600;

  private static final int MOST_DIGITS = 4;
  private static final int MOST_KEYS = 10_000;

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
  }

  /** That a key is to be passed over, and for how much longer. */
  record Resting(Reason reason, long nanosLeft) {}

  private record Identity(
      String providerId, Map<Format, BaseUrl> at, String keyId, @Nullable Secret value) {}

  /** What is known of a key that does not simply work. */
  private sealed interface State {
    record Failing(int failures, long lastAt) implements State {}

    record Rest(Reason reason, int round, long until) implements State {}

    record Probe(Reason reason, int round, long lostAt) implements State {}
  }

  private final Map<Identity, State> states = new ConcurrentHashMap<>();
  private final Map<Reason, Metrics.Tally> skips = new EnumMap<>(Reason.class);
  private final LongSupplier nanoTime;

  /**
   * @param nanoTime the clock by which keys rest
   * @param metrics where it is counted how often keys are passed over
   */
  public KeyHealth(LongSupplier nanoTime, Metrics metrics) {
    this.nanoTime = nanoTime;
    for (Reason reason : Reason.values()) {
      skips.put(
          reason,
          metrics.tally(
              "keygate.provider.key.skips",
              "Times a provider key was passed over because it is set aside",
              "reason",
              reason.name().toLowerCase(Locale.ROOT)));
    }
  }

  /** How many keys are set aside. */
  public int size() {
    forgetOld();
    return (int) states.values().stream().filter(s -> !(s instanceof State.Failing)).count();
  }

  /**
   * Asks for leave to make an attempt. Whoever gets it tells what came of it.
   *
   * @param probeNanos after which time a probe counts as lost
   * @return null when it may be made, else why not
   */
  @Nullable Resting admit(Attempt attempt, long probeNanos) {
    if (states.isEmpty()) {
      return null;
    }
    Identity identity = identity(attempt);
    while (true) {
      long now = nanoTime.getAsLong();
      State state = states.get(identity);
      switch (state) {
        case null -> {
          return null;
        }
        case State.Failing failing -> {
          return null;
        }
        case State.Rest(Reason reason, int round, long until) -> {
          if (now - until < 0) {
            return skipped(reason, until - now);
          }
          if (states.replace(identity, state, new State.Probe(reason, round, now + probeNanos))) {
            return null;
          }
        }
        case State.Probe(Reason reason, int round, long lostAt) -> {
          if (now - lostAt < 0) {
            return skipped(reason, lostAt - now);
          }
          if (states.replace(identity, state, new State.Probe(reason, round, now + probeNanos))) {
            return null;
          }
        }
      }
    }
  }

  /** Gives leave back: the attempt was not made, or nobody waited for its end. */
  void release(Attempt attempt) {
    if (!states.isEmpty()) {
      long now = nanoTime.getAsLong();
      change(
          attempt,
          state ->
              state instanceof State.Probe(Reason reason, int round, long lostAt)
                  ? new State.Rest(reason, round, now)
                  : state);
    }
  }

  /**
   * Notes how an attempt ended.
   *
   * @param nanos how long it took
   */
  void ended(Attempt attempt, AttemptResult result, long nanos) {
    switch (result) {
      case Answered answered -> answered(attempt, answered, nanos);
      case Failed failed -> {
        switch (failed.cause()) {
          case TIMEOUT -> failed(attempt, Reason.SILENT, 1, nanos);
          case UNREACHABLE -> {
            boolean isSlow = nanos >= SLOW_NANOS;
            failed(
                attempt,
                isSlow ? Reason.SILENT : Reason.FAILING,
                isSlow ? 1 : MOST_FAILURES,
                nanos);
          }
          case BROKEN, TOTAL_TIMEOUT -> failed(attempt, Reason.FAILING, MOST_FAILURES, nanos);
          case CANCELLED -> release(attempt);
        }
      }
    }
  }

  private void answered(Attempt attempt, Answered answered, long nanos) {
    int status = answered.status();
    boolean isOfClient = attempt.keySource() == KeySource.CLIENT;
    if (isOfClient && (status == 401 || status == 429)) {
      // Said of one client's credential; the next request brings another.
      return;
    }
    long pause = status == 429 ? seconds(answered.headers().get(HttpHeaders.RETRY_AFTER)) : 0;
    if (status == 401) {
      rest(attempt, Reason.REFUSED, REFUSED_NANOS);
    } else if (pause > 0) {
      rest(attempt, Reason.PAUSED, TimeUnit.SECONDS.toNanos(pause));
    } else if (status >= 500) {
      failed(attempt, Reason.FAILING, MOST_FAILURES, nanos);
    } else if (!states.isEmpty()) {
      states.remove(identity(attempt));
    }
  }

  private void rest(Attempt attempt, Reason reason, long nanos) {
    long until = nanoTime.getAsLong() + nanos;
    change(attempt, state -> new State.Rest(reason, 1, until));
  }

  private void failed(Attempt attempt, Reason reason, int enough, long nanos) {
    long now = nanoTime.getAsLong();
    long first = Math.max(REST_NANOS, nanos);
    change(
        attempt,
        state ->
            switch (state) {
              // It rests already: this attempt began before, or was made for want of any other.
              case State.Rest rest -> rest;
              case State.Probe probe ->
                  new State.Rest(reason, probe.round() + 1, now + rest(first, probe.round() + 1));
              case State.Failing(int failures, long lastAt)
                  when now - lastAt < MEMORY_NANOS && failures + 1 < enough ->
                  new State.Failing(failures + 1, now);
              case State.Failing(int failures, long lastAt) when now - lastAt < MEMORY_NANOS ->
                  new State.Rest(reason, 1, now + rest(first, 1));
              case null, default ->
                  enough > 1
                      ? new State.Failing(1, now)
                      : new State.Rest(reason, 1, now + rest(first, 1));
            });
  }

  private static long rest(long first, int round) {
    return Math.min(LONGEST_REST_NANOS, first << Math.min(round - 1, 10));
  }

  /** Swaps a key's state for what follows from it. */
  private void change(Attempt attempt, UnaryOperator<@Nullable State> next) {
    Identity identity = identity(attempt);
    if (states.size() >= MOST_KEYS && !states.containsKey(identity)) {
      forgetOld();
      if (states.size() >= MOST_KEYS) {
        return;
      }
    }
    while (true) {
      State before = states.get(identity);
      State after = next.apply(before);
      boolean isDone =
          before == null
              ? after == null || states.putIfAbsent(identity, after) == null
              : after != null && states.replace(identity, before, after);
      if (isDone) {
        log(attempt, before, after);
        return;
      }
    }
  }

  private void log(Attempt attempt, @Nullable State before, @Nullable State after) {
    if (after instanceof State.Rest rest
        && !(before instanceof State.Rest)
        && !(before instanceof State.Probe)) {
      LOG.warn(
          "Provider key {} of {} is set aside for {} s: {}",
          attempt.key() == null ? "(none)" : attempt.keyId(),
          attempt.candidate().provider().id(),
          TimeUnit.NANOSECONDS.toSeconds(rest.until() - nanoTime.getAsLong()),
          rest.reason().words());
    }
  }

  private Resting skipped(Reason reason, long nanosLeft) {
    Metrics.Tally tally = skips.get(reason);
    if (tally != null) {
      tally.add();
    }
    return new Resting(reason, nanosLeft);
  }

  /** Takes out what says nothing any more. */
  private void forgetOld() {
    long now = nanoTime.getAsLong();
    states
        .values()
        .removeIf(state ->
            switch (state) {
              case State.Failing(int failures, long lastAt) -> now - lastAt >= MEMORY_NANOS;
              case State.Rest(Reason reason, int round, long until) -> now - until >= 0;
              case State.Probe(Reason reason, int round, long lostAt) -> now - lostAt >= 0;
            });
  }

  private static Identity identity(Attempt attempt) {
    Provider provider = attempt.candidate().provider();
    ProviderKey key = attempt.key();
    return new Identity(
        provider.id(), provider.baseUrls(), attempt.keyId(), key == null ? null : key.value());
  }

  private static long seconds(@Nullable String retryAfter) {
    boolean isNumber =
        retryAfter != null
            && !retryAfter.isEmpty()
            && retryAfter.length() <= MOST_DIGITS
            && retryAfter.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? Math.min(MOST_SECONDS, Long.parseLong(retryAfter)) : 0;
  }
}
