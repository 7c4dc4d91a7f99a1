package dev.keygate.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FreshnessTest {
  private static final long SECOND = 1_000_000_000L;

  private long now;
  private Instant wall = Instant.EPOCH;
  private final Freshness freshness =
      new Freshness(Duration.ofSeconds(60), new Clocks(() -> now, () -> wall));

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
    now += 80 * SECOND;
    Clocks.Moment read = freshness.now();
    now += 10 * SECOND;
    freshness.renewed(read);
    assertThat(freshness.isExpired()).isFalse();
    assertThat(freshness.age()).isEqualTo(10 * SECOND);
  }

  @Test
  void aMachineThatWasSuspendedWakesWithAnOldView() {
    Clocks.Moment read = freshness.now();
    wall = wall.plusSeconds(61);
    assertThat(freshness.isExpired()).isTrue();
    assertThat(freshness.age()).isEqualTo(61 * SECOND);
    freshness.renewed(read);
    assertThat(freshness.isExpired()).as("read before").isTrue();
    freshness.renewed(freshness.now());
    assertThat(freshness.isExpired()).isFalse();
    assertThat(freshness.age()).isZero();
  }

  @Test
  void aWallClockThatIsSetBackMakesNoViewYounger() {
    now += 30 * SECOND;
    wall = wall.minusSeconds(3600);
    assertThat(freshness.age()).isEqualTo(30 * SECOND);
    now += 31 * SECOND;
    assertThat(freshness.isExpired()).isTrue();
  }
}
