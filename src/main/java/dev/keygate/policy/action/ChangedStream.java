package dev.keygate.policy.action;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/**
 * A stream whose bytes are changed on their way, chunk by chunk. The reader's pace is kept: a chunk
 * is asked of the source only when the reader asks for one, and one that gives nothing yet is
 * followed by the next. Belongs to the event loop of its exchange.
 */
final class ChangedStream implements ReadStream<Buffer> {

  /** What is done to the bytes. Keeps what it cannot give yet. */
  interface Change {
    /** What can be given on, now that these bytes have come; empty when nothing yet. */
    Buffer next(Buffer chunk);

    /** What is left at the end. */
    Buffer last();
  }

  private final ReadStream<Buffer> source;
  private final Change change;
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Handler<Throwable> exceptionHandler;
  private long demand;
  private boolean broken;
  private @Nullable Buffer rest;
  private boolean ended;

  ChangedStream(ReadStream<Buffer> source, Change change) {
    this.source = source;
    this.change = change;
    source.handler(this::arrived).endHandler(end -> sourceEnded()).exceptionHandler(this::fail);
  }

  private void arrived(Buffer chunk) {
    if (broken) {
      return;
    }
    Buffer given;
    try {
      given = change.next(chunk);
    } catch (RuntimeException failed) {
      fail(failed);
      return;
    }
    if (given.length() > 0) {
      give(given);
    } else if (demand > 0 && demand != Long.MAX_VALUE) {
      source.fetch(1);
    }
  }

  private void give(Buffer bytes) {
    if (demand != Long.MAX_VALUE) {
      demand--;
    }
    if (handler != null) {
      handler.handle(bytes);
    }
  }

  private void sourceEnded() {
    if (broken) {
      return;
    }
    try {
      rest = change.last();
    } catch (RuntimeException failed) {
      fail(failed);
      return;
    }
    end();
  }

  /** Gives what is left as soon as it is asked for, and then the end. */
  private void end() {
    if (rest == null || ended || (rest.length() > 0 && demand <= 0)) {
      return;
    }
    ended = true;
    if (rest.length() > 0) {
      give(rest);
    }
    if (endHandler != null) {
      endHandler.handle(null);
    }
  }

  private void fail(Throwable failure) {
    if (!broken) {
      broken = true;
      if (exceptionHandler != null) {
        exceptionHandler.handle(failure);
      }
    }
  }

  @Override
  public ChangedStream handler(@Nullable Handler<Buffer> set) {
    handler = set;
    return this;
  }

  @Override
  public ChangedStream endHandler(@Nullable Handler<Void> set) {
    endHandler = set;
    return this;
  }

  @Override
  public ChangedStream exceptionHandler(@Nullable Handler<Throwable> set) {
    exceptionHandler = set;
    return this;
  }

  @Override
  public ChangedStream pause() {
    demand = 0;
    source.pause();
    return this;
  }

  @Override
  public ChangedStream resume() {
    demand = Long.MAX_VALUE;
    source.resume();
    end();
    return this;
  }

  @Override
  public ChangedStream fetch(long amount) {
    demand = demand > Long.MAX_VALUE - amount ? Long.MAX_VALUE : demand + amount;
    source.fetch(amount);
    end();
    return this;
  }
}
