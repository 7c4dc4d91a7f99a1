package dev.keygate.ai;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A streamed answer that tells, at its end, how many tokens it says were used. */
final class CountedBody implements ReadStream<Buffer> {
  private final ReadStream<Buffer> source;
  private final BiConsumer<UsageScan, AnswerSample> used;
  private final UsageScan scan = new UsageScan();
  private final AnswerSample sample = new AnswerSample();

  /** What is known of the answer so far. */
  UsageScan scan() {
    return scan;
  }

  /**
   * @param used called when the answer has ended, unless it broke off
   */
  CountedBody(ReadStream<Buffer> source, BiConsumer<UsageScan, AnswerSample> used) {
    this.source = source;
    this.used = used;
  }

  @Override
  public CountedBody handler(@Nullable Handler<Buffer> handler) {
    source.handler(
        handler == null
            ? null
            : chunk -> {
              scan.add(chunk);
              sample.add(chunk, scan);
              handler.handle(chunk);
            });
    return this;
  }

  @Override
  public CountedBody endHandler(@Nullable Handler<Void> handler) {
    source.endHandler(end -> {
      used.accept(scan, sample);
      if (handler != null) {
        handler.handle(null);
      }
    });
    return this;
  }

  @Override
  public CountedBody exceptionHandler(@Nullable Handler<Throwable> handler) {
    source.exceptionHandler(handler);
    return this;
  }

  @Override
  public CountedBody pause() {
    source.pause();
    return this;
  }

  @Override
  public CountedBody resume() {
    source.resume();
    return this;
  }

  @Override
  public CountedBody fetch(long amount) {
    source.fetch(amount);
    return this;
  }
}
