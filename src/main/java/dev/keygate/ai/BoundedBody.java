package dev.keygate.ai;

import dev.keygate.exchange.ResponseBody;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.concurrent.TimeUnit;

/** Reads an answer's body whole, if it is short enough and comes in time. Belongs to one loop. */
final class BoundedBody {
  private final ResponseBody body;
  private final int maxBytes;
  private final Promise<Buffer> read = Promise.promise();
  private final Buffer collected = Buffer.buffer();

  BoundedBody(ResponseBody body, int maxBytes) {
    this.body = body;
    this.maxBytes = maxBytes;
  }

  /**
   * The bytes. Called once.
   *
   * @param nanosLeft until it is given up
   * @return fails when there are more than {@code maxBytes}, when they do not come in time, when
   *     they are given up, or when the other side breaks off; it is then told to stop
   */
  Future<Buffer> read(long nanosLeft, Vertx vertx) {
    return switch (body) {
      case ResponseBody.Whole whole ->
          whole.bytes().length() > maxBytes
              ? Future.failedFuture(tooLong(maxBytes))
              : Future.succeededFuture(whole.bytes());
      case ResponseBody.Streamed streamed -> read(streamed.source(), nanosLeft, vertx);
    };
  }

  private Future<Buffer> read(ReadStream<Buffer> source, long nanosLeft, Vertx vertx) {
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanosLeft));
    long timer = vertx.setTimer(millis, late -> giveUp("the answer did not end in time"));
    source.handler(this::add);
    source.endHandler(end -> read.tryComplete(collected));
    source.exceptionHandler(broken -> read.tryFail("the answer broke off"));
    source.resume();
    return read.future().onComplete(ended -> vertx.cancelTimer(timer));
  }

  private void add(Buffer chunk) {
    if (read.future().isComplete()) {
      return;
    }
    if (collected.length() + chunk.length() > maxBytes) {
      giveUp(tooLong(maxBytes));
    } else {
      collected.appendBuffer(chunk);
    }
  }

  /** Reads no further; does nothing when all was read. */
  void giveUp(String why) {
    if (read.tryFail(why) && body instanceof ResponseBody.Streamed streamed) {
      streamed.cancel().run();
    }
  }

  private static String tooLong(int maxBytes) {
    return "an answer of more than " + maxBytes + " bytes";
  }
}
