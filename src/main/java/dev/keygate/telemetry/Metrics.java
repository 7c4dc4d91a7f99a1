package dev.keygate.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/**
 * What operators watch, in Prometheus' text form. Meters are made at start and kept by whoever
 * counts, so that counting looks nothing up. Labels come from closed sets: never from a client.
 * Safe for use from any thread.
 */
public final class Metrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** Something that is counted. */
  public static final class Tally {
    private final Counter counter;

    private Tally(Counter counter) {
      this.counter = counter;
    }

    public void add() {
      counter.increment();
    }
  }

  /**
   * Something that takes time: how often, and how long in all. Not the library's timer, which keeps
   * the greatest of the last minutes as well, and looks at the clock for that each time.
   */
  public static final class Duration {
    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    private Duration() {}

    public void record(long nanos) {
      count.increment();
      this.nanos.add(nanos);
    }
  }

  /** How many of something there are now. */
  public static final class Level {
    private final LongAdder value = new LongAdder();

    private Level() {}

    public void up() {
      value.increment();
    }

    public void down() {
      value.decrement();
    }
  }

  /**
   * A counter.
   *
   * @param name dotted, for example {@code keygate.refusals}
   * @param labels name, value, name, value, …
   */
  public Tally tally(String name, String description, String... labels) {
    return new Tally(
        Counter.builder(name).description(description).tags(labels).register(registry));
  }

  /** A timer; parameters as for {@link #tally}. */
  public Duration duration(String name, String description, String... labels) {
    Duration duration = new Duration();
    FunctionTimer.builder(
            name,
            duration,
            each -> each.count.sum(),
            each -> each.nanos.sum(),
            TimeUnit.NANOSECONDS)
        .description(description)
        .tags(labels)
        .register(registry);
    return duration;
  }

  /** A number that goes up and down. */
  public Level level(String name, String description) {
    Level level = new Level();
    gauge(name, description, level.value::doubleValue);
    return level;
  }

  /** Adds a value that is read when it is asked for. */
  public void gauge(String name, String description, DoubleSupplier value) {
    Gauge.builder(name, value, DoubleSupplier::getAsDouble)
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  /** All of it, in Prometheus' text exposition format. */
  public String scrape() {
    return registry.scrape();
  }
}
