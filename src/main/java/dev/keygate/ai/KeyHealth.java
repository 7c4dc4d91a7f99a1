package dev.keygate.ai;

import dev.keygate.live.ProviderKey;
import dev.keygate.secret.Secret;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which provider keys are set aside for a while: one that the provider did not accept, and one that
 * it asked to pause. A key whose value changes is another key. Asking costs one look while none is
 * set aside. Safe for use by all event loops.
 */
public final class KeyHealth {
  private static final Logger LOG = LoggerFactory.getLogger(KeyHealth.class);

  /** How long a key rests that the provider answered 401 to. */
  static final long REFUSED_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** The longest pause that a provider may ask for. */
  private static final int MOST_SECONDS = 3600;

  private static final int MOST_DIGITS = 4;
  private static final int MOST_KEYS = 10_000;

  /** Why a key rests. */
  enum Reason {
    REFUSED("the provider answered 401"),
    PAUSED("the provider answered 429 with Retry-After");

    private final String words;

    Reason(String words) {
      this.words = words;
    }
  }

  private record Identity(String id, Secret value) {}

  private record Rest(Reason reason, long until) {}

  private final Map<Identity, Rest> resting = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;

  /**
   * @param nanoTime the clock by which keys rest
   */
  public KeyHealth(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** How many keys are set aside. */
  public int size() {
    resting.values().removeIf(rest -> nanoTime.getAsLong() - rest.until() >= 0);
    return resting.size();
  }

  /** Why a key is not to be used now; empty when it may be. */
  public Optional<String> restOf(ProviderKey key) {
    return isUsable(key) ? Optional.empty() : Optional.ofNullable(reason(key));
  }

  /** Whether any key is set aside. */
  boolean isUsed() {
    return !resting.isEmpty();
  }

  boolean isUsable(ProviderKey key) {
    if (resting.isEmpty()) {
      return true;
    }
    Identity identity = new Identity(key.id(), key.value());
    Rest rest = resting.get(identity);
    if (rest == null) {
      return true;
    }
    if (nanoTime.getAsLong() - rest.until() < 0) {
      return false;
    }
    resting.remove(identity, rest);
    return true;
  }

  /**
   * Notes what a provider answered to a key.
   *
   * @param retryAfter the header of that name, or null
   */
  void answered(ProviderKey key, int status, @Nullable String retryAfter) {
    if (status == 401) {
      rest(key, Reason.REFUSED, REFUSED_NANOS);
    } else if (status == 429) {
      long seconds = seconds(retryAfter);
      if (seconds > 0) {
        rest(key, Reason.PAUSED, TimeUnit.SECONDS.toNanos(seconds));
      }
    } else if (status < 300 && !resting.isEmpty()) {
      resting.remove(new Identity(key.id(), key.value()));
    }
  }

  private void rest(ProviderKey key, Reason reason, long nanos) {
    if (resting.size() >= MOST_KEYS && size() >= MOST_KEYS) {
      return;
    }
    Rest before =
        resting.put(
            new Identity(key.id(), key.value()), new Rest(reason, nanoTime.getAsLong() + nanos));
    if (before == null) {
      LOG.warn(
          "Provider key {} of {} is set aside for {} s: {}",
          key.id(),
          key.providerId(),
          TimeUnit.NANOSECONDS.toSeconds(nanos),
          reason.words);
    }
  }

  private @Nullable String reason(ProviderKey key) {
    Rest rest = resting.get(new Identity(key.id(), key.value()));
    return rest == null ? null : rest.reason().words;
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
