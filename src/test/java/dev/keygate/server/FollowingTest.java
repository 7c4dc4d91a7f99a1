package dev.keygate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FollowingTest {
  @Test
  void aViewIsLookedAtSoonerThanItIsTooOld() {
    assertThat(Following.pauseAlone(Duration.ofSeconds(60))).isEqualTo(Duration.ofSeconds(1));
    assertThat(Following.pauseAlone(Duration.ofSeconds(4))).isEqualTo(Duration.ofSeconds(1));
    assertThat(Following.pauseAlone(Duration.ofSeconds(1))).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void aStoreIsNotAskedWithoutAPause() {
    assertThat(Following.pauseAlone(Duration.ofMillis(4))).isEqualTo(Duration.ofMillis(100));
    assertThat(Following.pauseAlone(Duration.ZERO)).isEqualTo(Duration.ofMillis(100));
  }
}
