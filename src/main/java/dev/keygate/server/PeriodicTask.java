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

  private PeriodicTask(Thread.Builder kind, String name, Duration pause, Runnable task) {
    thread = kind.name(name).unstarted(() -> repeat(name, pause, task));
  }

  /** Starts the series on a virtual thread; the first run is one pause from now. */
  static PeriodicTask start(String name, Duration pause, Runnable task) {
    return started(new PeriodicTask(Thread.ofVirtual(), name, pause, task));
  }

  /** The same for a task that gets a core only when nothing else wants it, if it can be said so. */
  static PeriodicTask startBehind(String name, Duration pause, Runnable task) {
    Thread.Builder kind = Thread.ofPlatform().daemon();
    IdleScheduling scheduling = new IdleScheduling();
    return started(
        new PeriodicTask(
            kind,
            name,
            pause,
            () -> {
              scheduling.applyOnce();
              task.run();
            }));
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
