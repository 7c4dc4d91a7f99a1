package dev.keygate.ai;

import dev.keygate.ai.AttemptResult.Answered;
import dev.keygate.ai.AttemptResult.Failed;
import dev.keygate.ai.KeyState.Cause;
import dev.keygate.ai.KeyState.Failing;
import dev.keygate.ai.KeyState.Probe;
import dev.keygate.ai.KeyState.Reason;
import dev.keygate.ai.KeyState.Rest;
import dev.keygate.exchange.Format;
import dev.keygate.live.ProviderKey;
import dev.keygate.secret.Secret;
import dev.keygate.telemetry.Metrics;
import io.vertx.core.http.HttpHeaders;
import java.util.EnumMap;
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
 * Retry-After}), kept a request waiting until a time limit, or failed {@value
 * KeyState#MOST_FAILURES} times in a row. When the rest is over one request goes through as a
 * <em>probe</em>, while the others still pass the key over. If the probe is answered, all is well
 * again; if it fails, the key rests twice as long. A probe of which nothing is heard leaves its
 * place to another. What rests for its silence is passed over only by requests that would not have
 * waited longer, so that one policy's short limit takes nothing from another's requests.
 *
 * <p>Nothing is kept of a key that works, so that asking costs one look while all do. Safe for use
 * by all event loops, none of which waits for another: states are values that are swapped.
 */
public final class KeyHealth {
  private static final Logger LOG = LoggerFactory.getLogger(KeyHealth.class);

  /** How long a key rests that the provider answered 401 to. */
  static final long REFUSED_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Not being connected after this time is waiting: a dead host refuses at once. */
  static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The longest pause that a provider may ask for. */
  private static final int MOST_SECONDS = 3600;

  private static final int MOST_DIGITS = 4;
  private static final int MOST_KEYS = 10_000;

  /** That a key is to be passed over, and for how much longer. */
  record Resting(Reason reason, long nanosLeft) {}

  private record Identity(
      String providerId, Map<Format, BaseUrl> at, String keyId, @Nullable Secret value) {}

  private final Map<Identity, KeyState> states = new ConcurrentHashMap<>();
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
              reason.id()));
    }
  }

  /** How many keys are set aside. */
  public int size() {
    forgetOld();
    return (int) states.values().stream().filter(state -> !(state instanceof Failing)).count();
  }

  /**
   * Why a key is passed over at one of its providers, in words; "" while it is used. Looks at every
   * key that does not simply work.
   */
  public String whyResting(String keyId) {
    long now = nanoTime.getAsLong();
    return states.entrySet().stream()
        .filter(entry -> entry.getKey().keyId().equals(keyId))
        .map(entry -> whyResting(entry.getValue(), now))
        .filter(why -> !why.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static String whyResting(KeyState state, long now) {
    return switch (state) {
      case Failing failing -> "";
      case Rest rest -> now - rest.until() < 0 ? rest.cause().reason().words() : "";
      case Probe probe -> now - probe.lostAt() < 0 ? probe.cause().reason().words() : "";
    };
  }

  /**
   * Asks for leave to make an attempt. Whoever gets it tells what came of it.
   *
   * @param patience how long the attempt would wait at most, in nanoseconds
   * @return null when it may be made, else why not
   */
  @Nullable Resting admit(Attempt attempt, long patience) {
    if (states.isEmpty()) {
      return null;
    }
    Identity identity = identity(attempt);
    while (true) {
      long now = nanoTime.getAsLong();
      KeyState state = states.get(identity);
      switch (state) {
        case null -> {
          return null;
        }
        case Failing failing -> {
          return null;
        }
        case Rest(Cause cause, int round, long until) -> {
          if (now - until < 0) {
            return skipped(cause, until - now, patience);
          }
          if (states.replace(identity, state, new Probe(cause, round, now + patience))) {
            return null;
          }
        }
        case Probe(Cause cause, int round, long lostAt) -> {
          if (now - lostAt < 0) {
            return skipped(cause, lostAt - now, patience);
          }
          if (states.replace(identity, state, new Probe(cause, round, now + patience))) {
            return null;
          }
        }
      }
    }
  }

  private @Nullable Resting skipped(Cause cause, long nanosLeft, long patience) {
    if (!cause.concerns(patience)) {
      return null;
    }
    Metrics.Tally tally = skips.get(cause.reason());
    if (tally != null) {
      tally.add();
    }
    return new Resting(cause.reason(), nanosLeft);
  }

  /** Gives leave back: the attempt was not made, or nobody waited for its end. */
  void release(Attempt attempt) {
    if (!states.isEmpty()) {
      long now = nanoTime.getAsLong();
      change(
          attempt,
          state ->
              state instanceof Probe(Cause cause, int round, long lostAt)
                  ? new Rest(cause, round, now)
                  : state);
    }
  }

  /**
   * Notes how an attempt ended.
   *
   * @param took in nanoseconds
   */
  void ended(Attempt attempt, AttemptResult result, long took) {
    if (result instanceof Answered answered) {
      answered(attempt, answered, took);
      return;
    }
    switch (((Failed) result).cause()) {
      case TIMEOUT -> failed(attempt, new Cause(Reason.SILENT, took), 1, took);
      case UNREACHABLE -> {
        if (took >= SLOW_NANOS) {
          failed(attempt, Cause.of(Reason.SILENT), 1, took);
        } else {
          failed(attempt, Cause.of(Reason.FAILING), KeyState.MOST_FAILURES, took);
        }
      }
      case BROKEN, TOTAL_TIMEOUT ->
          failed(attempt, Cause.of(Reason.FAILING), KeyState.MOST_FAILURES, took);
      case CANCELLED, NO_ROOM -> release(attempt);
    }
  }

  private void answered(Attempt attempt, Answered answered, long took) {
    int status = answered.status();
    if (attempt.keySource() == KeySource.CLIENT && (status == 401 || status == 429)) {
      // Said of one client's credential; the next request brings another.
      release(attempt);
      return;
    }
    long pause = status == 429 ? seconds(answered.headers().get(HttpHeaders.RETRY_AFTER)) : 0;
    if (status == 401) {
      rest(attempt, Reason.REFUSED, REFUSED_NANOS);
    } else if (pause > 0) {
      rest(attempt, Reason.PAUSED, TimeUnit.SECONDS.toNanos(pause));
    } else if (status >= 500) {
      failed(attempt, Cause.of(Reason.FAILING), KeyState.MOST_FAILURES, took);
    } else if (!states.isEmpty()) {
      states.remove(identity(attempt));
    }
  }

  private void rest(Attempt attempt, Reason reason, long nanos) {
    Rest rest = new Rest(Cause.of(reason), 1, nanoTime.getAsLong() + nanos);
    change(attempt, state -> rest);
  }

  private void failed(Attempt attempt, Cause cause, int enough, long took) {
    long now = nanoTime.getAsLong();
    change(attempt, state -> KeyState.failed(state, cause, enough, took, now));
  }

  /** Swaps a key's state for what follows from it; remembers no more keys than it may. */
  private void change(Attempt attempt, UnaryOperator<@Nullable KeyState> next) {
    Identity identity = identity(attempt);
    if (states.size() >= MOST_KEYS && !states.containsKey(identity)) {
      forgetOld();
      if (states.size() >= MOST_KEYS) {
        return;
      }
    }
    while (true) {
      KeyState before = states.get(identity);
      KeyState after = next.apply(before);
      if (after == null) {
        return;
      }
      boolean isDone =
          before == null
              ? states.putIfAbsent(identity, after) == null
              : states.replace(identity, before, after);
      if (isDone) {
        log(attempt, before, after);
        return;
      }
    }
  }

  private void log(Attempt attempt, @Nullable KeyState before, KeyState after) {
    if (after instanceof Rest rest && (before == null || before instanceof Failing)) {
      LOG.warn(
          "Provider key {} of {} is set aside for {} s: {}",
          attempt.key() == null ? "(none)" : attempt.keyId(),
          attempt.candidate().provider().id(),
          TimeUnit.NANOSECONDS.toSeconds(rest.until() - nanoTime.getAsLong()),
          rest.cause().reason().words());
    }
  }

  private void forgetOld() {
    long now = nanoTime.getAsLong();
    states.values().removeIf(state -> KeyState.isOver(state, now));
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
