package dev.keygate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.junit.jupiter.api.Test;

/** How long writes may wait for their client. */
class DeliveryTest {
  private long now;
  private int givenUp;
  private final Deadlines patience = new Deadlines(10, () -> now);
  private final Delivery delivery =
      new Delivery() {
        @Override
        void expired() {
          givenUp++;
        }
      };

  private int givenUpAt(long time) {
    now = time;
    patience.expire();
    return givenUp;
  }

  private Promise<Void> written() {
    Promise<Void> write = Promise.promise();
    delivery.watch(write.future(), patience);
    return write;
  }

  @Test
  void whatIsTakenAtOnceIsNotWaitedFor() {
    delivery.watch(Future.succeededFuture(), patience);
    assertThat(delivery.isRunning()).isFalse();
  }

  @Test
  void whatIsWrittenBehindBuysNoTime() {
    written();
    now = 9;
    written();
    assertThat(givenUpAt(10)).isOne();
  }

  @Test
  void whatIsTakenBuysTimeForTheRest() {
    Promise<Void> first = written();
    written();
    now = 9;
    first.complete();
    assertThat(givenUpAt(18)).isZero();
    assertThat(givenUpAt(19)).isOne();
  }

  @Test
  void nothingIsWaitedForWhenAllIsTaken() {
    written().complete();
    assertThat(delivery.isRunning()).isFalse();
    written();
    assertThat(delivery.isRunning()).isTrue();
  }

  @Test
  void oneThatWasStoppedIsNotBegunAgain() {
    Promise<Void> first = written();
    written();
    delivery.stop();
    first.complete();
    assertThat(delivery.isRunning()).isFalse();
  }
}
