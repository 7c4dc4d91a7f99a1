package dev.keygate.policy;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stream of given chunks that gives exactly as many as were asked for. Paused to begin with. */
public final class ChunkedStream implements ReadStream<Buffer> {
  private final Deque<Buffer> chunks;
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<Void> endHandler;
  private long demand;
  private boolean giving;
  private boolean ended;

  public ChunkedStream(Collection<Buffer> chunks) {
    this.chunks = new ArrayDeque<>(chunks);
  }

  /** The text cut in two at a place. */
  public static ChunkedStream cutAt(Buffer bytes, int place) {
    return new ChunkedStream(
        List.of(bytes.getBuffer(0, place), bytes.getBuffer(place, bytes.length())));
  }

  private void give() {
    if (giving) {
      return;
    }
    giving = true;
    while (demand > 0 && !chunks.isEmpty() && handler != null) {
      demand = demand == Long.MAX_VALUE ? demand : demand - 1;
      handler.handle(chunks.removeFirst());
    }
    giving = false;
    if (chunks.isEmpty() && !ended && demand > 0 && endHandler != null) {
      ended = true;
      endHandler.handle(null);
    }
  }

  @Override
  public ChunkedStream handler(@Nullable Handler<Buffer> set) {
    handler = set;
    return this;
  }

  @Override
  public ChunkedStream endHandler(@Nullable Handler<Void> set) {
    endHandler = set;
    return this;
  }

  @Override
  public ChunkedStream exceptionHandler(@Nullable Handler<Throwable> set) {
    return this;
  }

  @Override
  public ChunkedStream pause() {
    demand = 0;
    return this;
  }

  @Override
  public ChunkedStream resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public ChunkedStream fetch(long amount) {
    demand = amount > Long.MAX_VALUE - demand ? Long.MAX_VALUE : demand + amount;
    give();
    return this;
  }
}
