package dev.keygate.ai;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer whose first bytes have arrived: paused until its reader asks, and as fast
 * as its reader. A provider that sends nothing for too long while the reader waits is given up; a
 * reader that does not ask is not the provider's fault. Belongs to one event loop.
 */
final class UpstreamBody extends StallWatch.Watched implements ReadStream<Buffer> {
  private final StallWatch watch;
  private final HttpClientRequest request;
  private final HttpClientResponse response;
  private final long stallNanos;
  private @Nullable Buffer first;
  private @Nullable Throwable failure;
  private @Nullable Handler<Buffer> chunkHandler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Handler<Throwable> failureHandler;
  private boolean isWanted;
  private boolean ended;

  UpstreamBody(
      StallWatch watch,
      HttpClientRequest request,
      HttpClientResponse response,
      Buffer first,
      long stallNanos) {
    this.watch = watch;
    this.request = request;
    this.response = response;
    this.first = first;
    this.stallNanos = stallNanos;
    response.handler(this::chunk);
    response.endHandler(end -> end());
    response.exceptionHandler(
        cause -> breakOff(new BrokenStreamException("the provider broke off: " + cause)));
    watch.enter(this);
  }

  /** Nobody will read on: the provider is told by a reset. */
  void cancel() {
    if (!ended) {
      finish();
      request.reset();
    }
  }

  @Override
  void check(long now) {
    if (isWanted && idleNanos(now) >= stallNanos) {
      breakOff(new BrokenStreamException("the provider sent nothing for per_request_timeout"));
      request.reset();
    }
  }

  @Override
  public UpstreamBody handler(@Nullable Handler<Buffer> handler) {
    chunkHandler = handler;
    return this;
  }

  @Override
  public UpstreamBody endHandler(@Nullable Handler<Void> handler) {
    endHandler = handler;
    return this;
  }

  @Override
  public UpstreamBody exceptionHandler(@Nullable Handler<Throwable> handler) {
    failureHandler = handler;
    return this;
  }

  @Override
  public UpstreamBody pause() {
    isWanted = false;
    response.pause();
    return this;
  }

  @Override
  public UpstreamBody resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public UpstreamBody fetch(long amount) {
    isWanted = true;
    active();
    long left = amount;
    Buffer held = first;
    if (held != null) {
      first = null;
      deliver(held);
      left = amount == Long.MAX_VALUE ? amount : amount - 1;
    }
    if (failure != null) {
      deliverFailure();
    } else if (!ended && isWanted && left > 0) {
      response.fetch(left);
    }
    return this;
  }

  private void chunk(Buffer chunk) {
    if (!ended) {
      active();
      deliver(chunk);
    }
  }

  private void deliver(Buffer chunk) {
    Handler<Buffer> handler = chunkHandler;
    if (handler != null) {
      handler.handle(chunk);
    }
  }

  private void end() {
    if (!ended) {
      finish();
      Handler<Void> handler = endHandler;
      if (handler != null) {
        handler.handle(null);
      }
    }
  }

  private void breakOff(BrokenStreamException cause) {
    if (!ended) {
      finish();
      failure = cause;
      // What arrived before the break is delivered first, when the reader asks for it.
      if (first == null) {
        deliverFailure();
      }
    }
  }

  private void deliverFailure() {
    Handler<Throwable> handler = failureHandler;
    Throwable cause = failure;
    if (handler != null && cause != null) {
      failure = null;
      handler.handle(cause);
    }
  }

  private void finish() {
    ended = true;
    watch.leave(this);
  }
}
