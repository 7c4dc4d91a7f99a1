package dev.keygate.server;

import dev.keygate.store.Store;
import dev.keygate.store.UsageTable.Span;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Forgets requests and sums that are old enough, a few at a time so that other writes get on. */
final class UsageRetention implements Runnable {
  private static final int BATCHES_AT_A_TIME = 200;
  private static final int TIMES_A_RUN = 50;
  private static final Duration MINUTES = Duration.ofDays(2);
  private static final Duration HOURS = Duration.ofDays(35);
  private static final Duration DAYS = Duration.ofDays(400);

  private final Store store;
  private final InstantSource clock;
  private final Duration requests;

  /**
   * @param requests how long single ones are remembered
   */
  UsageRetention(Store store, InstantSource clock, Duration requests) {
    this.store = store;
    this.clock = clock;
    this.requests = requests;
  }

  @Override
  public void run() {
    Instant now = clock.instant();
    int deleted = BATCHES_AT_A_TIME;
    for (int i = 0; i < TIMES_A_RUN && deleted == BATCHES_AT_A_TIME; i++) {
      deleted =
          store.write(
              tables -> tables.requests().deleteBefore(now.minus(requests), BATCHES_AT_A_TIME));
    }
    store.write(tables -> {
      tables.usage().deleteBefore(Span.MINUTE, now.minus(MINUTES));
      tables.usage().deleteBefore(Span.HOUR, now.minus(HOURS));
      tables.usage().deleteBefore(Span.DAY, now.minus(DAYS));
      return now;
    });
  }
}
