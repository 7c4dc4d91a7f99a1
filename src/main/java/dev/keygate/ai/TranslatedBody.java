package dev.keygate.ai;

import dev.keygate.ai.translate.StreamTranslation;
import dev.keygate.ai.translate.TokenUsage;
import dev.keygate.ai.translate.UntranslatableException;
import dev.keygate.exchange.ResponseBody;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stream of events translated as it comes, as fast as its reader: nothing is asked of the
 * provider before the reader asks. Belongs to one event loop.
 */
final class TranslatedBody implements ReadStream<Buffer> {
  private final ResponseBody.Streamed body;
  private final StreamTranslation translation;
  private final Consumer<TokenUsage> used;
  private @Nullable Handler<Buffer> chunkHandler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Handler<Throwable> failureHandler;
  private long wanted;
  private boolean isOver;

  /**
   * Translates a body.
   *
   * @param used told what the provider counted, when the answer has ended
   */
  TranslatedBody(
      ResponseBody.Streamed body, StreamTranslation translation, Consumer<TokenUsage> used) {
    this.body = body;
    this.used = used;
    this.translation = translation;
    body.source().handler(this::chunk);
    body.source().endHandler(end -> end());
    body.source().exceptionHandler(this::fail);
  }

  private void chunk(Buffer chunk) {
    if (isOver) {
      return;
    }
    try {
      deliver(translation.add(chunk.getBytes()));
    } catch (UntranslatableException e) {
      body.cancel().run();
      fail(new BrokenStreamException("the answer cannot be translated: " + e.getMessage()));
    }
  }

  private void deliver(byte[] bytes) {
    if (bytes.length == 0) {
      // The reader waits still: what came was not enough to say anything.
      if (!isOver && wanted > 0 && wanted != Long.MAX_VALUE) {
        body.source().fetch(1);
      }
      return;
    }
    if (wanted != Long.MAX_VALUE && wanted > 0) {
      wanted--;
    }
    Handler<Buffer> handler = chunkHandler;
    if (handler != null) {
      handler.handle(Buffer.buffer(bytes));
    }
  }

  private void end() {
    if (isOver) {
      return;
    }
    isOver = true;
    try {
      byte[] last = translation.end();
      used.accept(translation.usage());
      deliver(last);
    } catch (UntranslatableException e) {
      isOver = false;
      fail(new BrokenStreamException("the answer cannot be translated: " + e.getMessage()));
      return;
    }
    Handler<Void> handler = endHandler;
    if (handler != null) {
      handler.handle(null);
    }
  }

  private void fail(Throwable cause) {
    if (!isOver) {
      isOver = true;
      Handler<Throwable> handler = failureHandler;
      if (handler != null) {
        handler.handle(cause);
      }
    }
  }

  @Override
  public TranslatedBody handler(@Nullable Handler<Buffer> handler) {
    chunkHandler = handler;
    return this;
  }

  @Override
  public TranslatedBody endHandler(@Nullable Handler<Void> handler) {
    endHandler = handler;
    return this;
  }

  @Override
  public TranslatedBody exceptionHandler(@Nullable Handler<Throwable> handler) {
    failureHandler = handler;
    return this;
  }

  @Override
  public TranslatedBody pause() {
    wanted = 0;
    body.source().pause();
    return this;
  }

  @Override
  public TranslatedBody resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public TranslatedBody fetch(long amount) {
    wanted = wanted + amount < 0 ? Long.MAX_VALUE : wanted + amount;
    body.source().fetch(amount);
    return this;
  }
}
