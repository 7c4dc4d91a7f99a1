package dev.keygate.policy.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.policy.action.Breaker.Admission;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private static final long SECOND = 1_000_000_000L;

  private final Breaker breaker =
      new Breaker(new RollingCounts(Duration.ofSeconds(10)), 0.5, 4, 10 * SECOND);

  @Test
  void itOpensWhenTooManyOfEnoughRequestsFailed() {
    fail(0, 3);
    assertThat(breaker.admit(0)).isEqualTo(Admission.FREELY);
    fail(0, 1);
    assertThat(breaker.admit(SECOND)).isEqualTo(Admission.REFUSED);
  }

  @Test
  void failuresThatAreLongAgoDoNotCount() {
    fail(0, 3);
    fail(11 * SECOND, 1);
    assertThat(breaker.admit(11 * SECOND)).isEqualTo(Admission.FREELY);
  }

  @Test
  void afterAWhileOneRequestTriesAndItsSuccessClosesIt() {
    fail(0, 4);
    long later = 10 * SECOND;
    assertThat(breaker.admit(later)).isEqualTo(Admission.ON_TRIAL);
    assertThat(breaker.admit(later)).isEqualTo(Admission.REFUSED);
    breaker.ended(later, Admission.FREELY, false);
    assertThat(breaker.admit(later)).isEqualTo(Admission.REFUSED);
    breaker.ended(later, Admission.ON_TRIAL, false);
    assertThat(breaker.admit(later)).isEqualTo(Admission.FREELY);
  }

  @Test
  void aFailedTrialKeepsItOpen() {
    fail(0, 4);
    assertThat(breaker.admit(10 * SECOND)).isEqualTo(Admission.ON_TRIAL);
    breaker.ended(11 * SECOND, Admission.ON_TRIAL, true);
    assertThat(breaker.admit(12 * SECOND)).isEqualTo(Admission.REFUSED);
    assertThat(breaker.admit(20 * SECOND)).isEqualTo(Admission.ON_TRIAL);
  }

  private void fail(long now, int times) {
    for (int time = 0; time < times; time++) {
      breaker.ended(now, Admission.FREELY, true);
    }
  }
}
