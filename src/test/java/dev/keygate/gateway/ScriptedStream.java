package dev.keygate.gateway;

import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.policy.Authorization;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A provider's answer that comes as a test says. */
final class ScriptedStream implements ReadStream<Buffer> {
  private final CompletableFuture<Context> asked = new CompletableFuture<>();
  private final CompletableFuture<Void> cancelled = new CompletableFuture<>();
  private volatile boolean isPaused = true;
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<Void> onEnd;
  private @Nullable Handler<Throwable> onFailure;

  /** A policy that answers with this stream. */
  ScriptedPolicy answering(String type, long length) {
    return new ScriptedPolicy(Authorization.NONE, exchange -> answer(type, length));
  }

  private Outcome answer(String type, long length) {
    asked.complete(Vertx.currentContext());
    ResponseBody body = new ResponseBody.Streamed(this, length, () -> cancelled.complete(null));
    return ScriptedPolicy.respond(body, type);
  }

  ScriptedStream emit(String chunk) {
    return run(() -> {
      if (handler != null) {
        handler.handle(Buffer.buffer(chunk));
      }
    });
  }

  ScriptedStream end() {
    return run(() -> {
      if (onEnd != null) {
        onEnd.handle(null);
      }
    });
  }

  ScriptedStream fail() {
    return run(() -> {
      if (onFailure != null) {
        onFailure.handle(new IllegalStateException("reset by peer"));
      }
    });
  }

  boolean isPaused() {
    return isPaused;
  }

  /** Waits until the gateway has stopped the provider. */
  void awaitCancelled() {
    await(cancelled);
  }

  boolean isCancelled() {
    return cancelled.isDone();
  }

  /** On the event loop, as a provider's bytes come; returns when it has been done. */
  private ScriptedStream run(Runnable step) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    await(asked)
        .runOnContext(go -> {
          step.run();
          done.complete(null);
        });
    await(done);
    return this;
  }

  private static <T> T await(CompletableFuture<T> future) {
    return future.orTimeout(10, TimeUnit.SECONDS).join();
  }

  @Override
  public ScriptedStream handler(@Nullable Handler<Buffer> chunks) {
    handler = chunks;
    return this;
  }

  @Override
  public ScriptedStream exceptionHandler(@Nullable Handler<Throwable> failures) {
    onFailure = failures;
    return this;
  }

  @Override
  public ScriptedStream endHandler(@Nullable Handler<Void> end) {
    onEnd = end;
    return this;
  }

  @Override
  public ScriptedStream pause() {
    isPaused = true;
    return this;
  }

  @Override
  public ScriptedStream resume() {
    isPaused = false;
    return this;
  }

  @Override
  public ScriptedStream fetch(long amount) {
    isPaused = false;
    return this;
  }
}
