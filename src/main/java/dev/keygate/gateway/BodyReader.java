package dev.keygate.gateway;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Refusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request's body whole, within its bounds. Belongs to the request's event loop; calls one
 * of its listener's methods once, and then no more.
 */
final class BodyReader extends Deadlines.Deadline implements Exchange.BodyRoom {
  private static final Refusal NO_ROOM =
      Refusal.of(ErrorCode.OVERLOADED, "The gateway holds as many request bodies as it may.")
          .withRetryAfter(1);

  private static final Refusal TOO_SLOW =
      Refusal.of(ErrorCode.REQUEST_TIMEOUT, "The request body did not arrive in time.");

  private final HttpServerRequest request;
  private final long maxBody;
  private final BufferBudget budget;
  private @Nullable Listener listener;
  private @Nullable Buffer body;
  private long taken;
  private boolean isGrowing;
  private boolean isReleased;

  /** Who waits for the body. */
  interface Listener {
    void onBody(Buffer body);

    void onRefusal(Refusal refusal);
  }

  BodyReader(HttpServerRequest request, long maxBody, BufferBudget budget) {
    this.request = request;
    this.maxBody = maxBody;
    this.budget = budget;
  }

  /** Takes room for the body until {@link #release}; after that there is none. */
  @Override
  public boolean take(long bytes) {
    if (isReleased || !budget.take(bytes)) {
      return false;
    }
    taken += bytes;
    return true;
  }

  /** Gives the room back. */
  void release() {
    isReleased = true;
    if (taken > 0) {
      budget.giveBack(taken);
      taken = 0;
    }
  }

  void read(Deadlines deadlines, Listener waiting) {
    listener = waiting;
    deadlines.start(this);
    request.handler(this::add);
    request.endHandler(this::end);
  }

  /** Nobody waits any more. */
  void cancel() {
    done();
    release();
  }

  @Override
  void expired() {
    refuse(TOO_SLOW);
  }

  /** Ends the reading with a refusal, unless it has ended. */
  void refuse(Refusal refusal) {
    Listener waiting = done();
    if (waiting != null) {
      waiting.onRefusal(refusal);
    }
  }

  private void add(Buffer chunk) {
    if (listener == null) {
      return;
    }
    long size = (body == null ? 0 : body.length()) + (long) chunk.length();
    if (size > maxBody) {
      refuse(tooLarge(maxBody));
    } else if (!take(chunk.length())) {
      refuse(NO_ROOM);
    } else {
      append(chunk);
    }
  }

  private void append(Buffer chunk) {
    Buffer before = body;
    if (before == null) {
      body = chunk; // most bodies come in one piece, and are not copied
      return;
    }
    if (!isGrowing) {
      before = Buffer.buffer(4 * before.length()).appendBuffer(before);
      isGrowing = true;
    }
    body = before.appendBuffer(chunk);
  }

  private void end(Void nothing) {
    Listener waiting = done();
    if (waiting != null) {
      Buffer whole = body == null ? Buffer.buffer(0) : body;
      body = null; // rules may replace it, and then nobody is to keep it
      waiting.onBody(whole);
    }
  }

  private @Nullable Listener done() {
    stop();
    Listener waiting = listener;
    listener = null;
    return waiting;
  }

  static Refusal tooLarge(long maxBody) {
    return Refusal.of(
        ErrorCode.BODY_TOO_LARGE, "The request body is larger than " + maxBody + " bytes.");
  }
}
