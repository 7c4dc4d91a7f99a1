package dev.keygate.ai;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/** A streamed answer without the usage that only the gateway asked for. Belongs to one loop. */
final class FilteredBody implements ReadStream<Buffer> {
  private final CountedBody source;
  private final UsageFilter filter = new UsageFilter();
  private @Nullable Handler<Buffer> chunkHandler;
  private boolean isFlowing;

  FilteredBody(CountedBody source) {
    this.source = source;
    // What says no count is not looked at any further: that is every chunk but the last.
    source.handler(
        chunk -> deliver(source.scan().hasFound() ? filter.add(chunk) : filter.addHarmless(chunk)));
  }

  private void deliver(Buffer passed) {
    Handler<Buffer> handler = chunkHandler;
    if (passed.length() > 0 && handler != null) {
      handler.handle(passed);
    } else if (!isFlowing) {
      source.fetch(1);
    }
  }

  @Override
  public FilteredBody handler(@Nullable Handler<Buffer> handler) {
    chunkHandler = handler;
    return this;
  }

  @Override
  public FilteredBody endHandler(@Nullable Handler<Void> handler) {
    source.endHandler(end -> {
      Buffer left = filter.end();
      Handler<Buffer> chunks = chunkHandler;
      if (left.length() > 0 && chunks != null) {
        chunks.handle(left);
      }
      if (handler != null) {
        handler.handle(null);
      }
    });
    return this;
  }

  @Override
  public FilteredBody exceptionHandler(@Nullable Handler<Throwable> handler) {
    source.exceptionHandler(handler);
    return this;
  }

  @Override
  public FilteredBody pause() {
    isFlowing = false;
    source.pause();
    return this;
  }

  @Override
  public FilteredBody resume() {
    isFlowing = true;
    source.resume();
    return this;
  }

  @Override
  public FilteredBody fetch(long amount) {
    isFlowing = amount == Long.MAX_VALUE;
    source.fetch(amount);
    return this;
  }
}
