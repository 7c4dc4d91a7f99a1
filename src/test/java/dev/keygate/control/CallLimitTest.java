package dev.keygate.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keygate.store.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallLimitTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:59Z");
  private static final int LIMIT = 10;

  @Test
  void aMinuteOfTheClockIsNoNewBeginning() {
    CallLimit limit = new CallLimit(LIMIT);
    take(limit, START, LIMIT);
    assertThatThrownBy(() -> limit.count("ak_1", START.plusSeconds(1)))
        .isInstanceOf(ApiError.class)
        .satisfies(
            error -> assertThat(((ApiError) error).headers()).containsEntry("retry-after", "60"));
    limit.count("ak_2", START);
    limit.count("ak_1", START.plusSeconds(61));
  }

  @Test
  void aClockThatIsSetBackOpensNothing() {
    CallLimit limit = new CallLimit(LIMIT);
    take(limit, START, LIMIT);
    assertThatThrownBy(() -> limit.count("ak_1", START.minusSeconds(3600)))
        .isInstanceOf(ApiError.class);
  }

  @Test
  void noMinuteEverHoldsMore() {
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      CallLimit limit = new CallLimit(LIMIT);
      List<Long> admitted = new ArrayList<>();
      Instant now = START;
      for (int call = 0; call < 400; call++) {
        now = now.plusMillis(random.nextInt(12_000));
        if (isAdmitted(limit, now)) {
          admitted.add(now.toEpochMilli());
        }
      }
      for (int i = LIMIT; i < admitted.size(); i++) {
        assertThat(admitted.get(i) - admitted.get(i - LIMIT)).isGreaterThanOrEqualTo(60_000);
      }
      assertThat(admitted).hasSizeGreaterThan(LIMIT);
    }
  }

  @Test
  void oneCallTooManyIsToldWhenToComeBack(@TempDir Path directory) {
    ControlLimits few = new ControlLimits(3, 8, 1000, Duration.ofSeconds(5), Duration.ofSeconds(1));
    try (RunningControl control =
        new RunningControl(new StoreSettings.Sqlite(directory.resolve("keygate.db")), few)) {
      for (int i = 0; i < 3; i++) {
        assertThat(control.get("/endpoints").status()).isEqualTo(200);
      }
      RunningControl.Answered refused = control.get("/endpoints");
      ControlContract.assertRefused(refused, 429, "ERR_NGROK_226");
      assertThat(refused.raw().headers().firstValue("retry-after")).contains("61");
      String other = control.managementKey(Role.VIEWER);
      assertThat(control.callAs(other, "GET", "/endpoints", "").status()).isEqualTo(200);
      control.now = control.now.plusSeconds(61);
      assertThat(control.get("/endpoints").status()).isEqualTo(200);
    }
  }

  private static void take(CallLimit limit, Instant at, int calls) {
    for (int i = 0; i < calls; i++) {
      limit.count("ak_1", at);
    }
  }

  private static boolean isAdmitted(CallLimit limit, Instant now) {
    try {
      limit.count("ak_1", now);
      return true;
    } catch (ApiError refused) {
      return false;
    }
  }
}
