package dev.keygate.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.ratelimit.Verdict.Decision;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** A bucket against a log of everything it admitted. */
class SlidingWindowTest {
  private static final long WINDOW = 1000;

  /** A request for an amount, some time after the one before. */
  record Step(long after, long amount) {}

  /** Amount and time of something admitted. */
  record Admitted(long amount, long time) {}

  @Property(tries = 2000)
  void smallCapacitiesAdmitExactlyWhatALogAdmits(
      @ForAll("smallCapacities") long capacity,
      @ForAll("starts") long start,
      @ForAll("steps") List<Step> steps) {
    Manual clock = new Manual(start);
    LocalLimiter limiter = limiter(Long.MAX_VALUE, clock);
    Deque<Admitted> log = new ArrayDeque<>();
    for (Step step : steps) {
      clock.advance(step.after());
      long now = clock.getAsLong();
      while (!log.isEmpty() && now - log.peekFirst().time() >= WINDOW) {
        log.removeFirst();
      }
      long inWindow = log.stream().mapToLong(Admitted::amount).sum();
      boolean fits = inWindow + step.amount() <= capacity;
      Decision decision = limiter.take(new BucketKey(1, 2), step.amount(), capacity);
      assertThat(decision.admitted()).isEqualTo(fits);
      if (fits) {
        log.addLast(new Admitted(step.amount(), now));
        assertThat(decision.remaining()).isEqualTo(capacity - inWindow - step.amount());
      }
    }
  }

  @Property(tries = 2000)
  void noWindowEverHoldsMoreThanTheCapacity(
      @ForAll("capacities") long capacity,
      @ForAll("budgets") long budget,
      @ForAll("starts") long start,
      @ForAll("steps") List<Step> steps) {
    Manual clock = new Manual(start);
    LocalLimiter limiter = limiter(budget, clock);
    List<Admitted> admitted = new ArrayList<>();
    for (Step step : steps) {
      clock.advance(step.after());
      if (limiter.take(new BucketKey(1, 2), step.amount(), capacity).admitted()) {
        admitted.add(new Admitted(step.amount(), clock.getAsLong()));
      }
    }
    for (Admitted first : admitted) {
      long inWindow =
          admitted.stream()
              .filter(one -> one.time() - first.time() >= 0)
              .filter(one -> one.time() - first.time() < WINDOW)
              .mapToLong(Admitted::amount)
              .sum();
      assertThat(inWindow).isLessThanOrEqualTo(capacity);
    }
  }

  @Property(tries = 1000)
  void aPlaceIsFreeAtTheLatestOneStretchAfterItLeftTheWindow(
      @ForAll("capacities") long capacity,
      @ForAll("starts") long start,
      @ForAll("steps") List<Step> steps) {
    Manual clock = new Manual(start);
    LocalLimiter limiter = limiter(Long.MAX_VALUE, clock);
    long stretch = Window.stretch(capacity, WINDOW);
    List<Admitted> admitted = new ArrayList<>();
    for (Step step : steps) {
      clock.advance(step.after());
      long now = clock.getAsLong();
      long lately =
          admitted.stream()
              .filter(one -> now - one.time() < WINDOW + stretch)
              .mapToLong(Admitted::amount)
              .sum();
      Decision decision = limiter.take(new BucketKey(1, 2), step.amount(), capacity);
      if (lately + step.amount() <= capacity) {
        assertThat(decision.admitted()).isTrue();
      }
      if (decision.admitted()) {
        admitted.add(new Admitted(step.amount(), now));
      }
    }
  }

  @Property(tries = 1000)
  void whoWaitsAsLongAsItWasToldIsAdmitted(
      @ForAll("capacities") long capacity,
      @ForAll("starts") long start,
      @ForAll("steps") List<Step> steps) {
    Manual clock = new Manual(start);
    LocalLimiter limiter = limiter(Long.MAX_VALUE, clock);
    for (Step step : steps) {
      clock.advance(step.after());
      Decision decision = limiter.take(new BucketKey(1, 2), step.amount(), capacity);
      if (!decision.admitted() && step.amount() <= capacity) {
        clock.advance(decision.waitNanos() - 1);
        assertThat(limiter.take(new BucketKey(1, 2), step.amount(), capacity).admitted()).isFalse();
        clock.advance(1);
        assertThat(limiter.take(new BucketKey(1, 2), step.amount(), capacity).admitted()).isTrue();
      }
    }
  }

  @Property(tries = 1000)
  void whatIsGivenBackMakesRoomAndNoMore(
      @ForAll("capacities") long capacity,
      @ForAll("starts") long start,
      @ForAll("steps") List<Step> steps) {
    Manual clock = new Manual(start);
    LocalLimiter limiter = limiter(Long.MAX_VALUE, clock);
    List<Admitted> kept = new ArrayList<>();
    Deque<Decision> toSettle = new ArrayDeque<>();
    for (Step step : steps) {
      clock.advance(step.after());
      Decision decision = limiter.take(new BucketKey(1, 2), step.amount(), capacity);
      if (decision.admitted()) {
        // Every second request turns out to have taken nothing, some time later.
        if (decision.stamp() % 2 == 0) {
          toSettle.addLast(decision);
        } else {
          kept.add(new Admitted(step.amount(), clock.getAsLong()));
        }
      }
      if (toSettle.size() > 3) {
        limiter.settle(new BucketKey(1, 2), toSettle.removeFirst().stamp(), 1, 0);
      }
    }
    for (Admitted first : kept) {
      long inWindow =
          kept.stream()
              .filter(one -> one.time() - first.time() >= 0)
              .filter(one -> one.time() - first.time() < WINDOW)
              .mapToLong(Admitted::amount)
              .sum();
      assertThat(inWindow).isLessThanOrEqualTo(capacity);
    }
  }

  private static LocalLimiter limiter(long budget, Manual clock) {
    Limit limit = new Limit("test", Duration.ofNanos(WINDOW));
    return new LocalLimiter(limit, Budget.of(budget), clock);
  }

  @Provide
  Arbitrary<Long> smallCapacities() {
    return Arbitraries.longs().between(1, Window.MOST_RUNS);
  }

  @Provide
  Arbitrary<Long> capacities() {
    return Arbitraries.longs().between(1, 300);
  }

  /** Enough for a bucket, and for lists of some lengths. */
  @Provide
  Arbitrary<Long> budgets() {
    return Arbitraries.of(Bucket.BYTES + 0L, Bucket.BYTES + 64L, 1000L, Long.MAX_VALUE);
  }

  /** A nanosecond clock may stand anywhere, and run over. */
  @Provide
  Arbitrary<Long> starts() {
    return Arbitraries.of(0L, -500L, 1L << 40, Long.MAX_VALUE - 2000);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Long> gaps =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.just(0L)),
            Tuple.of(8, Arbitraries.longs().between(1, 30)),
            Tuple.of(1, Arbitraries.longs().between(900, 1100)));
    Arbitrary<Long> amounts =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.just(1L)), Tuple.of(1, Arbitraries.longs().between(1, 40)));
    return Combinators.combine(gaps, amounts).as(Step::new).list().ofMaxSize(300);
  }
}
