package dev.keygate.gateway;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Refusal;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request's body whole, within its bounds. Belongs to the request's event loop; calls one
 * of its listeners once, and then no more.
 */
final class BodyReader {
  private final HttpServerRequest request;
  private final long maxBody;
  private final BufferBudget budget;
  private final Context context;
  private @Nullable Buffer body;
  private long taken;
  private boolean growing;
  private boolean finished;
  private long timer = -1;

  /** Who waits for the body. */
  interface Listener {
    void onBody(Buffer body);

    void onRefusal(Refusal refusal);
  }

  BodyReader(HttpServerRequest request, Context context, long maxBody, BufferBudget budget) {
    this.request = request;
    this.context = context;
    this.maxBody = maxBody;
    this.budget = budget;
  }

  /** Bytes of the budget that the body holds until {@link #release}. */
  void release() {
    if (taken > 0) {
      budget.giveBack(taken);
      taken = 0;
    }
  }

  void read(Duration timeout, Listener listener) {
    timer =
        context
            .owner()
            .setTimer(timeout.toMillis(), id -> end(() -> listener.onRefusal(timedOut(timeout))));
    request.handler(chunk -> {
      Refusal refusal = add(chunk);
      if (refusal != null) {
        end(() -> listener.onRefusal(refusal));
      }
    });
    request.endHandler(done -> end(() -> listener.onBody(body == null ? Buffer.buffer(0) : body)));
    request.resume();
  }

  /** Nobody waits any more. */
  void cancel() {
    end(() -> {});
    release();
  }

  private @Nullable Refusal add(Buffer chunk) {
    if (finished) {
      return null;
    }
    long size = (body == null ? 0 : body.length()) + (long) chunk.length();
    if (size > maxBody) {
      return tooLarge(maxBody);
    }
    if (!budget.take(chunk.length())) {
      return Refusal.of(ErrorCode.OVERLOADED, "The gateway holds as many request bodies as it may.")
          .withRetryAfter(1);
    }
    taken += chunk.length();
    if (body == null) {
      body = chunk; // most bodies come in one piece, and are not copied
    } else {
      if (!growing) {
        body = Buffer.buffer(4 * body.length()).appendBuffer(body);
        growing = true;
      }
      body.appendBuffer(chunk);
    }
    return null;
  }

  private void end(Runnable what) {
    if (!finished) {
      finished = true;
      context.owner().cancelTimer(timer);
      what.run();
    }
  }

  static Refusal tooLarge(long maxBody) {
    return Refusal.of(
        ErrorCode.BODY_TOO_LARGE, "The request body is larger than " + maxBody + " bytes.");
  }

  private static Refusal timedOut(Duration timeout) {
    return Refusal.of(
        ErrorCode.REQUEST_TIMEOUT,
        "The request body did not arrive within " + timeout.toSeconds() + " s.");
  }
}
