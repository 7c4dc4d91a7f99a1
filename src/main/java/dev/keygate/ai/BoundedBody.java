package dev.keygate.ai;

import dev.keygate.exchange.ResponseBody;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.TimeUnit;

/** Reads an answer's body whole, if it is short enough and comes in time. Belongs to one loop. */
final class BoundedBody {
  private final ResponseBody.Streamed body;
  private final int maxBytes;
  private final Promise<Buffer> read = Promise.promise();
  private final Buffer collected = Buffer.buffer();

  private BoundedBody(ResponseBody.Streamed body, int maxBytes) {
    this.body = body;
    this.maxBytes = maxBytes;
  }

  /**
   * The bytes.
   *
   * @param nanosLeft until it is given up
   * @return fails when there are more than {@code maxBytes}, when they do not come in time, or when
   *     the other side breaks off; it is then told to stop
   */
  static Future<Buffer> read(ResponseBody body, int maxBytes, long nanosLeft, Vertx vertx) {
    return switch (body) {
      case ResponseBody.Whole whole ->
          whole.bytes().length() > maxBytes
              ? Future.failedFuture(tooLong(maxBytes))
              : Future.succeededFuture(whole.bytes());
      case ResponseBody.Streamed streamed ->
          new BoundedBody(streamed, maxBytes).read(nanosLeft, vertx);
    };
  }

  private Future<Buffer> read(long nanosLeft, Vertx vertx) {
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanosLeft));
    long timer = vertx.setTimer(millis, late -> giveUp("the answer did not end in time"));
    body.source().handler(this::add);
    body.source().endHandler(end -> read.tryComplete(collected));
    body.source().exceptionHandler(broken -> read.tryFail("the answer broke off"));
    body.source().resume();
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

  private void giveUp(String why) {
    if (read.tryFail(why)) {
      body.cancel().run();
    }
  }

  private static String tooLong(int maxBytes) {
    return "an answer of more than " + maxBytes + " bytes";
  }
}
