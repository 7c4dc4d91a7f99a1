package dev.keygate.server;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a task again and again on a thread of its own, with a pause between the end of one run and
 * the start of the next. A run that throws is logged and does not end the series.
 */
final class PeriodicTask implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);

  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  private PeriodicTask(
      Thread.Builder kind, Runnable first, String name, Duration pause, Runnable task) {
    thread =
        kind.name(name)
            .unstarted(() -> {
              first.run();
              repeat(name, pause, task);
            });
  }

  /** Starts the series on a virtual thread; the first run is one pause from now. */
  static PeriodicTask start(String name, Duration pause, Runnable task) {
    return started(new PeriodicTask(Thread.ofVirtual(), () -> {}, name, pause, task));
  }

  /**
   * The same on a thread of the system's own.
   *
   * @param first what that does first, such as to say how it is to be scheduled
   */
  static PeriodicTask start(Runnable first, String name, Duration pause, Runnable task) {
    Thread.Builder kind = Thread.ofPlatform().daemon();
    return started(new PeriodicTask(kind, first, name, pause, task));
  }

  private static PeriodicTask started(PeriodicTask task) {
    task.thread.start();
    return task;
  }

  /** Ends the series and waits for a run under way, at most 5 s. */
  @Override
  public void close() {
    stop.countDown();
    try {
      if (!thread.join(Duration.ofSeconds(5))) {
        LOG.warn("{} still runs after 5 s; going on without it", thread.getName());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void repeat(String name, Duration pause, Runnable task) {
    try {
      while (!stop.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        try {
          task.run();
        } catch (RuntimeException e) {
          LOG.warn("{} failed and will be tried again", name, e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
