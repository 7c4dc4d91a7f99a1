package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.ai.AttemptResult.Answered;
import dev.keygate.ai.AttemptResult.Cause;
import dev.keygate.ai.AttemptResult.Failed;
import dev.keygate.ai.ProviderConfig.KeyNeed;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.live.ProviderKey;
import dev.keygate.secret.Secret;
import dev.keygate.telemetry.Metrics;
import io.vertx.core.MultiMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class KeyHealthTest {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);
  private static final Attempt ATTEMPT = attempt("sk-1", KeySource.MANAGED);

  private final AtomicLong now = new AtomicLong();
  private final Metrics metrics = new Metrics();
  private final KeyHealth health = new KeyHealth(now::get, metrics);

  @ParameterizedTest
  @CsvSource({
    "401, , 60",
    "429, 7, 7",
    "429, 9999, 3600",
    "429, , 0",
    "429, 0, 0",
    "429, soon, 0",
    "429, 99999, 0",
    "403, 7, 0",
    "500, 7, 0",
    "200, 7, 0"
  })
  void aKeyRestsAsLongAsItsAnswerSays(int status, @Nullable String retryAfter, long seconds) {
    answered(ATTEMPT, status, retryAfter);
    assertThat(isAdmitted()).isEqualTo(seconds == 0);
    pass(TimeUnit.SECONDS.toNanos(Math.max(1, seconds)) - 1);
    assertThat(isAdmitted()).isEqualTo(seconds == 0);
    pass(1);
    assertThat(isAdmitted()).isTrue();
  }

  @Test
  void aChangedValueIsAnotherKey() {
    answered(ATTEMPT, 401, null);
    assertThat(health.size()).isEqualTo(1);
    assertThat(health.admit(attempt("sk-2", KeySource.MANAGED), PATIENCE)).isNull();
    answered(ATTEMPT, 200, null);
    assertThat(isAdmitted()).isTrue();
    assertThat(health.size()).isZero();
  }

  @Test
  void aRequestThatWasKeptWaitingIsEnough() {
    health.ended(ATTEMPT, new Failed(Cause.TIMEOUT, ""), PATIENCE);
    assertThat(health.admit(ATTEMPT, PATIENCE))
        .isEqualTo(new KeyHealth.Resting(KeyState.Reason.SILENT, KeyState.REST_NANOS));
  }

  @Test
  void whatWasTooLongForOneSaysNothingToARequestThatWaitsLonger() {
    health.ended(ATTEMPT, new Failed(Cause.TIMEOUT, ""), PATIENCE);
    assertThat(health.admit(ATTEMPT, PATIENCE)).isNotNull();
    assertThat(health.admit(ATTEMPT, 2 * PATIENCE)).isNull();
    health.ended(ATTEMPT, new Failed(Cause.TIMEOUT, ""), 2 * PATIENCE);
    assertThat(health.admit(ATTEMPT, 2 * PATIENCE)).isNotNull();
    health.ended(ATTEMPT, new Failed(Cause.TIMEOUT, ""), 1);
    assertThat(health.admit(ATTEMPT, 2 * PATIENCE)).isNotNull();
  }

  @Test
  void aHostThatNobodyAnswersForIsAsBadAsSilence() {
    health.ended(ATTEMPT, new Failed(Cause.UNREACHABLE, ""), KeyHealth.SLOW_NANOS);
    assertThat(isAdmitted()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"UNREACHABLE", "BROKEN", "TOTAL_TIMEOUT"})
  void failuresInARowAreEnough(Cause cause) {
    for (int i = 1; i < KeyState.MOST_FAILURES; i++) {
      health.ended(ATTEMPT, new Failed(cause, ""), 1);
      assertThat(isAdmitted()).isTrue();
    }
    health.ended(ATTEMPT, new Failed(cause, ""), 1);
    assertThat(isAdmitted()).isFalse();
    assertThat(metrics.scrape())
        .contains("keygate_provider_key_skips_total{reason=\"failing\"} 1.0");
  }

  @Test
  void anAnswerBetweenThemBeginsTheCountAgain() {
    for (int i = 0; i < 3 * KeyState.MOST_FAILURES; i++) {
      answered(ATTEMPT, i % 3 == 2 ? 200 : 500, null);
      assertThat(isAdmitted()).isTrue();
    }
  }

  @Test
  void failuresFarApartAreNotInARow() {
    for (int i = 0; i < 3 * KeyState.MOST_FAILURES; i++) {
      answered(ATTEMPT, 503, null);
      pass(KeyState.MEMORY_NANOS);
      assertThat(isAdmitted()).isTrue();
    }
  }

  @Test
  void afterTheRestOneProbeGoesThroughAndItsSuccessEndsIt() {
    answered(ATTEMPT, 401, null);
    pass(KeyHealth.REFUSED_NANOS);
    assertThat(isAdmitted()).isTrue();
    assertThat(isAdmitted()).isFalse();
    answered(ATTEMPT, 400, null);
    assertThat(isAdmitted()).isTrue();
    assertThat(isAdmitted()).isTrue();
    assertThat(health.size()).isZero();
  }

  @Test
  void aProbeThatFailsDoublesTheRest() {
    health.ended(ATTEMPT, new Failed(Cause.TIMEOUT, ""), PATIENCE);
    long rest = KeyState.REST_NANOS;
    for (int round = 0; round < 4; round++) {
      pass(rest - 1);
      assertThat(isAdmitted()).isFalse();
      pass(1);
      assertThat(isAdmitted()).isTrue();
      health.ended(ATTEMPT, new Failed(Cause.BROKEN, ""), 1);
      rest *= 2;
    }
    assertThat(isAdmitted()).isFalse();
  }

  @Test
  void theRestIsAtLeastAsLongAsTheWaitAndNotForever() {
    long wait = TimeUnit.MINUTES.toNanos(3);
    health.ended(ATTEMPT, new Failed(Cause.TIMEOUT, ""), wait);
    pass(wait - 1);
    assertThat(isAdmitted()).isFalse();
    pass(1);
    assertThat(isAdmitted()).isTrue();
    health.ended(ATTEMPT, new Failed(Cause.TIMEOUT, ""), wait);
    pass(TimeUnit.MINUTES.toNanos(5));
    assertThat(isAdmitted()).isTrue();
  }

  @Test
  void aProbeThatIsGivenBackOrLostLeavesItsPlace() {
    answered(ATTEMPT, 401, null);
    pass(KeyHealth.REFUSED_NANOS);
    assertThat(isAdmitted()).isTrue();
    health.ended(ATTEMPT, new Failed(Cause.CANCELLED, ""), 1);
    assertThat(isAdmitted()).isTrue();
    assertThat(isAdmitted()).isFalse();
    pass(PATIENCE);
    assertThat(isAdmitted()).isTrue();
    assertThat(isAdmitted()).isFalse();
  }

  @Test
  void whatOneClientsCredentialMetSaysNothingOfAnothers() {
    Attempt passedThrough = attempt(null, KeySource.CLIENT);
    answered(passedThrough, 401, null);
    answered(passedThrough, 429, "60");
    assertThat(health.admit(passedThrough, PATIENCE)).isNull();
    health.ended(passedThrough, new Failed(Cause.TIMEOUT, ""), PATIENCE);
    assertThat(health.admit(passedThrough, PATIENCE)).isNotNull();
  }

  @Test
  void memoryIsBounded() {
    for (int i = 0; i < 20_000; i++) {
      answered(attempt("aigpk_" + i, "sk-1", KeySource.MANAGED), 401, null);
    }
    assertThat(health.size()).isEqualTo(10_000);
    pass(KeyHealth.REFUSED_NANOS);
    assertThat(health.size()).isZero();
  }

  private boolean isAdmitted() {
    return health.admit(ATTEMPT, PATIENCE) == null;
  }

  private void pass(long nanos) {
    now.addAndGet(nanos);
  }

  private void answered(Attempt attempt, int status, @Nullable String retryAfter) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    if (retryAfter != null) {
      headers.set("retry-after", retryAfter);
    }
    health.ended(attempt, new Answered(status, headers, ResponseBody.EMPTY), 1);
  }

  private static Attempt attempt(@Nullable String value, KeySource source) {
    return attempt("aigpk_1", value, source);
  }

  private static Attempt attempt(String id, @Nullable String value, KeySource source) {
    Candidate candidate =
        Candidate.unknown(
            Provider.of("openai", Map.of(), KeyNeed.REQUIRED), "m", Candidate.Access.ALLOWED);
    ProviderKey key = value == null ? null : new ProviderKey(id, "openai", Secret.of(value));
    return new Attempt(0, candidate, key, source);
  }
}
