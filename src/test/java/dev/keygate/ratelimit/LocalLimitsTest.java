package dev.keygate.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LocalLimitsTest {
  private static final Limit HUNDRED = new Limit("hundred", Duration.ofMinutes(1));

  private final BucketHash hash = BucketHash.random(new SecureRandom());
  private final Manual clock = new Manual(0);

  @Test
  void threadsTogetherGetNoMoreThanTheCapacity() throws Exception {
    LocalLimiter limiter = new LocalLimits(1 << 20, System::nanoTime).limiter(HUNDRED);
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Integer>> counts = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int thread = 0; thread < 4; thread++) {
        Callable<Integer> loop =
            () -> {
              start.await(10, TimeUnit.SECONDS);
              int admitted = 0;
              for (int i = 0; i < 1000; i++) {
                admitted += limiter.take(hash.of("one"), 1, 100).admitted() ? 1 : 0;
              }
              return admitted;
            };
        counts.add(threads.submit(loop));
      }
      start.countDown();
      int admitted = 0;
      for (Future<Integer> count : counts) {
        admitted += count.get(10, TimeUnit.SECONDS);
      }
      assertThat(admitted).isEqualTo(100);
    }
  }

  @Test
  void aMillionInventedKeysDoNotTouchTheLimitOfAClient() {
    long bytes = 192L << 20;
    LocalLimits limits = new LocalLimits(bytes, clock);
    LocalLimiter limiter = limits.limiter(HUNDRED);
    int admitted = 0;
    for (int i = 0; i < 1_000_000; i++) {
      limiter.take(hash.of("attacker " + i), 1, 100);
      if (i % 5000 == 0) {
        admitted += limiter.take(hash.of("client"), 1, 100).admitted() ? 1 : 0;
      }
    }
    assertThat(admitted).isEqualTo(100);
    assertThat(limits.buckets()).isEqualTo(1_000_001);

    clock.advance(HUNDRED.window().toNanos());
    assertThat(limiter.take(hash.of("client"), 100, 100).admitted()).isTrue();
    limits.sweep();
    assertThat(limits.buckets()).isEqualTo(1);
  }

  @Test
  void bucketsStayWithinTheirMemoryAndThoseThatCountStay() {
    LocalLimits limits = new LocalLimits(2 * 1000 * Bucket.BYTES, clock);
    LocalLimiter limiter = limits.limiter(HUNDRED);
    limiter.take(hash.of("client"), 100, 100);
    clock.advance(Manual.SECOND);
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      refused += limiter.take(hash.of("attacker " + i), 1, 100).admitted() ? 0 : 1;
    }
    assertThat(limits.buckets()).isEqualTo(1000);
    assertThat(refused).isEqualTo(9001);
    assertThat(limiter.take(hash.of("client"), 1, 100).admitted()).isFalse();
  }

  @Test
  void whoFindsNoRoomIsToldWhenThereWillBe() {
    LocalLimiter limiter = new LocalLimits(0, clock).limiter(HUNDRED);
    assertThat(limiter.take(hash.of("client"), 1, 100).admitted()).isFalse();
    assertThat(limiter.take(hash.of("client"), 1, 100).retryAfterSeconds()).isEqualTo(1);
  }

  @Test
  void theOldestIdleBucketMakesRoom() {
    LocalLimits limits = new LocalLimits(2 * 100 * Bucket.BYTES, clock);
    LocalLimiter limiter = limits.limiter(HUNDRED);
    for (int i = 0; i < 100; i++) {
      assertThat(limiter.take(hash.of("old " + i), 1, 100).admitted()).isTrue();
    }
    clock.advance(HUNDRED.window().toNanos());
    int admitted = 0;
    for (int i = 0; i < 1000; i++) {
      admitted += limiter.take(hash.of("new " + i), 1, 100).admitted() ? 1 : 0;
    }
    assertThat(admitted).isEqualTo(100);
  }

  @Test
  void anAttackOnOneLimitLeavesMemoryToTheOthers() {
    LocalLimits limits = new LocalLimits(2 * 100 * Bucket.BYTES, clock);
    LocalLimiter attacked = limits.limiter(HUNDRED);
    for (int i = 0; i < 1000; i++) {
      attacked.take(hash.of("attacker " + i), 1, 100);
    }
    Limit other = new Limit("other", Duration.ofMinutes(1));
    assertThat(limits.limiter(other).take(hash.of("client"), 1, 100).admitted()).isTrue();
  }

  @Test
  void equalLimitsShareTheirBuckets() {
    LocalLimits limits = new LocalLimits(1 << 20, clock);
    LocalLimiter first = limits.limiter(HUNDRED);
    LocalLimiter again = limits.limiter(new Limit("hundred", Duration.ofMinutes(1)));
    assertThat(again).isSameAs(first);
  }

  @Test
  void moreThanTheCapacityAtOnceIsNeverAdmitted() {
    LocalLimiter limiter = new LocalLimits(1 << 20, clock).limiter(HUNDRED);
    assertThat(limiter.take(hash.of("client"), 101, 100).admitted()).isFalse();
    assertThat(limiter.take(hash.of("client"), 100, 100).admitted()).isTrue();
  }

  @Test
  void aChangedCapacityHoldsAtOnceAndWhatWasAdmittedCounts() {
    LocalLimiter limiter = new LocalLimits(1 << 20, clock).limiter(HUNDRED);
    assertThat(limiter.take(hash.of("client"), 60, 100).admitted()).isTrue();
    assertThat(limiter.take(hash.of("client"), 1, 50).admitted()).isFalse();
    assertThat(limiter.take(hash.of("client"), 1, 61).remaining()).isZero();
  }

  @Test
  void whatCostMoreThanReservedHoldsBackWhatComesNext() {
    LocalLimiter limiter = new LocalLimits(1 << 20, clock).limiter(HUNDRED);
    BucketKey client = hash.of("client");
    Verdict.Decision first = limiter.take(client, 10, 100);
    limiter.settle(client, first.stamp(), 10, 130);
    assertThat(limiter.take(client, 1, 100).admitted()).isFalse();
    clock.advance(HUNDRED.window().toNanos());
    assertThat(limiter.take(client, 100, 100).admitted()).isTrue();
  }
}
