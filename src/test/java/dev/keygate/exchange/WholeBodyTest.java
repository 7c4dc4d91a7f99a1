package dev.keygate.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.policy.ChunkedStream;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WholeBodyTest {
  private static final Buffer TEXT = Buffer.buffer("more than ten bytes");

  private final AtomicInteger stopped = new AtomicInteger();
  private final AtomicInteger room = new AtomicInteger(TEXT.length());

  private WholeBody body(int maxBytes) {
    ResponseBody streamed =
        new ResponseBody.Streamed(ChunkedStream.cutAt(TEXT, 9), -1, stopped::incrementAndGet);
    return new WholeBody(streamed, maxBytes, bytes -> room.addAndGet((int) -bytes) >= 0);
  }

  @Test
  void whatFitsIsReadAndItsRoomTaken() {
    assertThat(body(TEXT.length()).read().result()).isEqualTo(TEXT);
    assertThat(room).hasValue(0);
    assertThat(stopped).hasValue(0);
  }

  @Test
  void whatIsTooLongIsStoppedAtOnceAndTakesNoMoreRoom() {
    Future<Buffer> read = body(TEXT.length() - 1).read();
    assertThat(read.cause()).hasMessage("an answer of more than 18 bytes");
    assertThat(stopped).hasValue(1);
    assertThat(room).hasValue(TEXT.length() - 9);
  }

  @Test
  void whatThereIsNoRoomForIsStopped() {
    room.set(10);
    assertThat(body(TEXT.length()).read().cause()).isInstanceOf(WholeBody.NoRoomException.class);
    assertThat(stopped).hasValue(1);
  }

  @Test
  void whatWasReadIsNotStoppedAfterwards() {
    WholeBody body = body(TEXT.length());
    assertThat(body.read().result()).isEqualTo(TEXT);
    body.giveUp("too late");
    assertThat(stopped).hasValue(0);
  }

  @Test
  void whatIsHereAlreadyTakesNoRoom() {
    ResponseBody here = new ResponseBody.Whole(TEXT);
    assertThat(new WholeBody(here, TEXT.length(), bytes -> false).read().result()).isEqualTo(TEXT);
    assertThat(new WholeBody(here, 1, bytes -> true).read().failed()).isTrue();
  }
}
