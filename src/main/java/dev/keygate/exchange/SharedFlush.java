package dev.keygate.exchange;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Sends what the connections of an event loop have to send one after the other: when the loop has
 * looked at all that came in, or when {@value #MOST} of them wait. The kernel's way of sending and
 * ours of reading are long, and each drives the other out of the processor's caches; so they change
 * places less often. Nothing waits for a timer, and a loop with one thing to do sends at once.
 *
 * <p>One for each connection, next to its socket; belongs to its event loop.
 */
public final class SharedFlush extends ChannelOutboundHandlerAdapter {
  /** Few enough that those who are to answer have something to do meanwhile. */
  private static final int MOST = 8;

  private static final FastThreadLocal<Waiting> LOOPS =
      new FastThreadLocal<>() {
        @Override
        protected Waiting initialValue() {
          return new Waiting();
        }
      };

  private final Waiting waiting;
  private @Nullable ChannelHandlerContext unsent;

  private SharedFlush(Waiting waiting) {
    this.waiting = waiting;
  }

  /**
   * Has the connection send together with all others of its event loop, on which this is called.
   */
  public static void in(Channel connection) {
    connection.pipeline().addFirst(new SharedFlush(LOOPS.get()));
  }

  /** Those of one event loop that have something to send. */
  private static final class Waiting {
    private final Queue<SharedFlush> all = new ArrayDeque<>();
    private boolean isScheduled;
    private boolean isSending;

    void add(SharedFlush one, EventLoop loop) {
      all.add(one);
      if (isSending) {
        return; // whoever is sending sees to it
      }
      if (all.size() >= MOST) {
        send(loop);
      } else {
        schedule(loop);
      }
    }

    private void schedule(EventLoop loop) {
      if (!isScheduled) {
        isScheduled = true;
        loop.execute(() -> {
          isScheduled = false;
          send(loop);
        });
      }
    }

    /** Sends for those who wait now; what has to be sent in consequence comes next time. */
    private void send(EventLoop loop) {
      isSending = true;
      try {
        for (int left = all.size(); left > 0; left--) {
          all.remove().send();
        }
      } finally {
        isSending = false;
        if (!all.isEmpty()) {
          schedule(loop);
        }
      }
    }
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    Channel connection = ctx.channel();
    if (!connection.isWritable()) {
      unsent = null;
      ctx.flush(); // so much waits that whoever writes is held up
    } else if (unsent == null) {
      unsent = ctx;
      waiting.add(this, connection.eventLoop());
    }
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    send();
    var _ = ctx.close(promise);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    send();
  }

  private void send() {
    ChannelHandlerContext ctx = unsent;
    if (ctx != null) {
      unsent = null;
      ctx.flush();
    }
  }
}
