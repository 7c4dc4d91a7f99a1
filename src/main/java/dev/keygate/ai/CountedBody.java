package dev.keygate.ai;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A streamed answer that tells, once it is over, how many tokens it says were used. */
final class CountedBody implements ReadStream<Buffer> {
  private final ReadStream<Buffer> source;
  private final BiConsumer<UsageScan, AnswerSample> used;
  private final BiConsumer<UsageScan, AnswerSample> usedAtLeast;
  private final UsageScan scan = new UsageScan();
  private final AnswerSample sample = new AnswerSample();
  private boolean isOver;

  /**
   * @param used called when the answer has ended
   * @param usedAtLeast called in its place when the answer broke off or nobody reads on, with what
   *     passed of it
   */
  CountedBody(
      ReadStream<Buffer> source,
      BiConsumer<UsageScan, AnswerSample> used,
      BiConsumer<UsageScan, AnswerSample> usedAtLeast) {
    this.source = source;
    this.used = used;
    this.usedAtLeast = usedAtLeast;
  }

  /** What is known of the answer so far. */
  UsageScan scan() {
    return scan;
  }

  /** Nobody will read on. Without effect once the answer is over. */
  void breakOff() {
    over(usedAtLeast);
  }

  private void over(BiConsumer<UsageScan, AnswerSample> told) {
    if (!isOver) {
      isOver = true;
      told.accept(scan, sample);
    }
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
      over(used);
      if (handler != null) {
        handler.handle(null);
      }
    });
    return this;
  }

  @Override
  public CountedBody exceptionHandler(@Nullable Handler<Throwable> handler) {
    source.exceptionHandler(failure -> {
      breakOff();
      if (handler != null) {
        handler.handle(failure);
      }
    });
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
