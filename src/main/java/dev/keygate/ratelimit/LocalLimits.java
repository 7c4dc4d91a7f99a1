package dev.keygate.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.lang.ref.Cleaner;
import java.util.function.LongSupplier;

/**
 * Limits that are counted in this process. Whoever asks for a limit that somebody still holds gets
 * the same buckets: a policy that is saved again unchanged goes on counting where it was.
 */
public final class LocalLimits implements Limits {
  /** Share of the budget that one limit may take: an attack on it leaves the others something. */
  private static final int SHARES = 2;

  /** Gives back what a limit took that nobody holds any more. */
  private static final Cleaner CLEANER = Cleaner.create();

  private final Cache<Limit, LocalLimiter> limiters = Caffeine.newBuilder().weakValues().build();
  private final Budget budget;
  private final long bytes;
  private final LongSupplier nanoTime;

  /**
   * @param bytes memory for all buckets together
   * @param nanoTime as {@link System#nanoTime}
   */
  public LocalLimits(long bytes, LongSupplier nanoTime) {
    this.budget = Budget.of(bytes);
    this.bytes = bytes;
    this.nanoTime = nanoTime;
  }

  @Override
  public LocalLimiter limiter(Limit limit) {
    return limiters.get(limit, this::create);
  }

  private LocalLimiter create(Limit limit) {
    Budget part = budget.atMost(bytes / SHARES);
    LocalLimiter limiter = new LocalLimiter(limit, part, nanoTime);
    CLEANER.register(limiter, part::close);
    return limiter;
  }

  /** Gives back the memory of idle buckets. For a timer. */
  public void sweep() {
    limiters.asMap().values().forEach(LocalLimiter::sweep);
  }

  /** How many buckets there are, of all limits. */
  public long buckets() {
    return limiters.asMap().values().stream().mapToLong(LocalLimiter::size).sum();
  }
}
