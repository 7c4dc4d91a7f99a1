package dev.keygate.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FreshnessTest {
  private static final long SECOND = 1_000_000_000L;

  private long now;
  private final Freshness freshness = new Freshness(Duration.ofSeconds(60), () -> now);

  @Test
  void anOldViewExpiresEvenIfNobodySaidThatTheStoreIsAway() {
    now += 60 * SECOND;
    assertThat(freshness.isExpired()).isFalse();
    now += 1;
    assertThat(freshness.isExpired()).isTrue();
    assertThat(freshness.isStoreAway()).isFalse();
  }

  @Test
  void aViewExpiresWhenTheStoreHasBeenAwayForLongerThanKeysMayAge() {
    freshness.storeAway();
    now += 60 * SECOND;
    assertThat(freshness.isStoreAway()).isTrue();
    assertThat(freshness.isExpired()).isFalse();
    now += 1;
    assertThat(freshness.isExpired()).isTrue();
  }

  @Test
  void aRenewedViewCountsFromWhenItWasRead() {
    freshness.storeAway();
    now += 90 * SECOND;
    freshness.renewed(now - 10 * SECOND);
    assertThat(freshness.isExpired()).isFalse();
    assertThat(freshness.age()).isEqualTo(10 * SECOND);
  }
}
