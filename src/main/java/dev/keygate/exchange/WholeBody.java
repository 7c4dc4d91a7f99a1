package dev.keygate.exchange;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.concurrent.TimeUnit;

/**
 * Reads an answer's body whole, if it is short enough, comes in time, and there is room for it.
 * Belongs to one loop.
 */
public final class WholeBody {
  /** What a request gets whose answer there was no room for. */
  public static final Refusal NO_ROOM =
      Refusal.of(
              ErrorCode.OVERLOADED,
              "The gateway holds as many bodies as it may: there is no room for the answer.")
          .withRetryAfter(1);

  private final ResponseBody body;
  private final int maxBytes;
  private final Exchange.BodyRoom room;
  private final Promise<Buffer> read = Promise.promise();
  private final Buffer collected = Buffer.buffer();

  /** There was no room for it: nobody's fault, and another time there may be. */
  public static final class NoRoomException extends Exception {
    private static final long serialVersionUID = 1L;

    NoRoomException() {
      super("no room for the answer", null, false, false);
    }
  }

  /**
   * @param room for what is read of a body that is not here yet
   */
  public WholeBody(ResponseBody body, int maxBytes, Exchange.BodyRoom room) {
    this.body = body;
    this.maxBytes = maxBytes;
    this.room = room;
  }

  /**
   * The bytes. Called once.
   *
   * @return fails with a {@link NoRoomException}, and with a message when there are more than
   *     {@code maxBytes}, when they are given up, or when the other side breaks off; it is then
   *     told to stop
   */
  public Future<Buffer> read() {
    return switch (body) {
      case ResponseBody.Whole whole ->
          whole.bytes().length() > maxBytes
              ? Future.failedFuture(tooLong())
              : Future.succeededFuture(whole.bytes());
      case ResponseBody.Streamed streamed -> read(streamed.source());
    };
  }

  /**
   * The bytes, as {@link #read()} has them.
   *
   * @param nanosLeft until they are given up
   */
  public Future<Buffer> read(long nanosLeft, Vertx vertx) {
    Future<Buffer> bytes = read();
    if (bytes.isComplete()) {
      return bytes;
    }
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanosLeft));
    long timer = vertx.setTimer(millis, late -> giveUp("the answer did not end in time"));
    return bytes.onComplete(ended -> vertx.cancelTimer(timer));
  }

  private Future<Buffer> read(ReadStream<Buffer> source) {
    source.handler(this::add);
    source.endHandler(end -> read.tryComplete(collected));
    source.exceptionHandler(broken -> read.tryFail("the answer broke off"));
    source.resume();
    return read.future();
  }

  private void add(Buffer chunk) {
    if (read.future().isComplete()) {
      return;
    }
    if (collected.length() + chunk.length() > maxBytes) {
      giveUp(tooLong());
    } else if (!room.take(chunk.length())) {
      stop(read.tryFail(new NoRoomException()));
    } else {
      collected.appendBuffer(chunk);
    }
  }

  /** Reads no further; does nothing when all was read. */
  public void giveUp(String why) {
    stop(read.tryFail(why));
  }

  private void stop(boolean isGivenUp) {
    if (isGivenUp && body instanceof ResponseBody.Streamed streamed) {
      streamed.cancel().run();
    }
  }

  private String tooLong() {
    return "an answer of more than " + maxBytes + " bytes";
  }
}
