package dev.keygate.gateway;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Refusal;
import dev.keygate.exchange.ResponseBody;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.streams.ReadStream;

/**
 * Hands a provider's chunks on as they arrive, with back-pressure both ways: a client that reads
 * slowly slows the provider, one that goes away stops it. Belongs to the request's event loop.
 */
final class StreamCopy {
  static final Refusal BROKEN =
      Refusal.of(ErrorCode.BROKEN_STREAM, "The provider broke off in the middle of its answer.");

  private final HttpServerResponse response;
  private final ReadStream<Buffer> source;
  private final Runnable cancel;
  private final long length;
  private final ResponseWriter.Ending ending;
  private final Listener listener;
  private long written;
  private boolean isPaused;
  private boolean isOver;

  /** Hears of each chunk and of the one ending. */
  interface Listener {
    /** The source has more for the client. */
    void arrived(Buffer chunk);

    /** The source has ended as it promised; the answer has to be ended. */
    void ended();

    /** The source broke off, or is not as long as it promised. */
    void broken();

    /** The client went away, or was given up. */
    void abandoned();
  }

  StreamCopy(
      HttpServerResponse response,
      ResponseBody.Streamed streamed,
      ResponseWriter.Ending ending,
      Listener listener) {
    this.response = response;
    this.source = streamed.source();
    this.cancel = streamed.cancel();
    this.length = streamed.length();
    this.ending = ending;
    this.listener = listener;
  }

  void start() {
    response.exceptionHandler(failure -> abandon());
    response.closeHandler(closed -> abandon());
    response.drainHandler(drained -> drained());
    source.exceptionHandler(failure -> broken());
    source.endHandler(end -> ended());
    source.handler(this::write);
    source.resume();
    if (written == 0 && !isOver && response.isChunked() && !response.headWritten()) {
      // The client learns at once that it is being answered; the first event may take long.
      ending.begun();
      response.writeHead();
    }
  }

  private void write(Buffer chunk) {
    if (isOver) {
      return;
    }
    if (written == 0) {
      ending.begun();
    }
    written += chunk.length();
    if (length >= 0 && written > length) {
      broken();
      return;
    }
    listener.arrived(chunk);
    if (!isPaused && response.writeQueueFull()) {
      isPaused = true;
      source.pause();
    }
  }

  private void drained() {
    if (isPaused && !isOver) {
      isPaused = false;
      source.resume();
    }
  }

  private void ended() {
    if (length >= 0 && written != length) {
      broken();
    } else if (!isOver) {
      isOver = true;
      listener.ended();
    }
  }

  /** No failover any more: the client has read the beginning. It must not take this for the end. */
  private void broken() {
    if (!isOver) {
      isOver = true;
      cancel.run();
      listener.broken();
    }
  }

  /** The client reads no more: the provider is stopped. */
  void abandon() {
    if (!isOver) {
      isOver = true;
      cancel.run();
      listener.abandoned();
    }
  }
}
