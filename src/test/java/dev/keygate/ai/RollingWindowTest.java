package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.keygate.ai.RollingWindow.Ending;
import dev.keygate.ai.RollingWindow.Timed;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RollingWindowTest {
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final RollingWindow window = new RollingWindow();

  @Test
  void sharesAreOfAllThatEndedWithinTheWindow() {
    for (int at = 0; at < 8; at++) {
      window.count(Ending.SUCCESS, at * MINUTE / 4);
    }
    window.count(Ending.TIMEOUT, 2 * MINUTE);
    window.count(Ending.RATE_LIMIT, 2 * MINUTE);
    RollingWindow.Snapshot now = window.snapshot(2 * MINUTE);
    assertThat(now.requests()).isEqualTo(10);
    assertThat(now.errors()).isCloseTo(0.2, within(1e-9));
    assertThat(now.share(Ending.TIMEOUT)).isEqualTo(0.1);
    assertThat(window.snapshot(5 * MINUTE).requests()).isEqualTo(6);
    assertThat(window.snapshot(7 * MINUTE).requests()).isZero();
    assertThat(window.isIdle(7 * MINUTE)).isTrue();
  }

  @Test
  void aSlotThatIsUsedAgainForgetsWhatItHeld() {
    window.count(Ending.SERVER, 0);
    window.count(Ending.SUCCESS, RollingWindow.SLOTS * MINUTE);
    assertThat(window.snapshot(RollingWindow.SLOTS * MINUTE).errors()).isZero();
    assertThat(window.snapshot(RollingWindow.SLOTS * MINUTE).requests()).isEqualTo(1);
  }

  @Test
  void timesAreAveragedAndRanked() {
    for (int millis = 1; millis <= 100; millis++) {
      window.time(Timed.UPSTREAM, TimeUnit.MILLISECONDS.toNanos(millis), -MINUTE);
    }
    RollingWindow.Snapshot now = window.snapshot(-MINUTE);
    assertThat(now.average(Timed.UPSTREAM)).isEqualTo(50);
    assertThat(now.p95(Timed.UPSTREAM)).isBetween(95L, 119L);
    assertThat(now.has(Timed.FIRST_TOKEN)).isFalse();
    assertThat(now.p95(Timed.FIRST_TOKEN)).isZero();
    window.time(Timed.FIRST_TOKEN, Long.MAX_VALUE, 0);
    assertThat(window.snapshot(0).p95(Timed.FIRST_TOKEN)).isPositive();
  }
}
