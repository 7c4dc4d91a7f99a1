package dev.keygate.ai;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to providers. Connections are kept for each event loop and shared by all policies
 * of the process; they are made when first needed. Safe for use from any event loop.
 */
public final class Upstream {
  private final Vertx vertx;
  private final UpstreamSettings settings;
  private final LongSupplier nanoTime;
  private final Queue<UpstreamLoop> all = new ConcurrentLinkedQueue<>();
  private final FastThreadLocal<@Nullable UpstreamLoop> loops = new FastThreadLocal<>();

  public Upstream(Vertx vertx, UpstreamSettings settings) {
    this(vertx, settings, System::nanoTime);
  }

  Upstream(Vertx vertx, UpstreamSettings settings, LongSupplier nanoTime) {
    this.vertx = vertx;
    this.settings = settings;
    this.nanoTime = nanoTime;
  }

  /** Closes every connection; what is under way breaks. May be called from any thread. */
  public Future<Void> close() {
    List<Future<Void>> closed = all.stream().map(UpstreamLoop::close).toList();
    return Future.join(closed).mapEmpty();
  }

  Vertx vertx() {
    return vertx;
  }

  /** The clock by which limits are measured. */
  long now() {
    return nanoTime.getAsLong();
  }

  /**
   * A call that has not begun. Asked for on an event loop, on which it is started, its end is told
   * and the body arrives.
   */
  UpstreamCall call(UpstreamRequest request, Limits limits, UpstreamCall.WhenEnded whenEnded) {
    return new UpstreamCall(loop(), request, limits, whenEnded);
  }

  private UpstreamLoop loop() {
    UpstreamLoop loop = loops.get();
    if (loop == null) {
      EventLoop eventLoop = ((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop();
      if (!eventLoop.inEventLoop()) {
        throw new IllegalStateException("not on an event loop: " + Thread.currentThread());
      }
      loop = new UpstreamLoop(vertx, eventLoop, settings, nanoTime);
      loops.set(loop);
      all.add(loop);
    }
    return loop;
  }
}
