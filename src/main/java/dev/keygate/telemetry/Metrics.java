package dev.keygate.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/**
 * What operators watch, in Prometheus' text form. Meters are made once and kept, so that noting a
 * request looks nothing up by name. Labels come from closed sets: never from a client.
 */
public final class Metrics {
  private static final int CLASSES = 6;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Counter[] requests = new Counter[CLASSES];
  private final Timer duration;
  private final ConcurrentHashMap<String, Counter> refusals = new ConcurrentHashMap<>();

  public Metrics() {
    for (int i = 1; i < CLASSES; i++) {
      requests[i] =
          Counter.builder("keygate.requests")
              .description("Requests answered, by class of status")
              .tag("status", i + "xx")
              .register(registry);
    }
    duration =
        Timer.builder("keygate.request.duration")
            .description("From a request's head to the last byte of its answer")
            .publishPercentileHistogram(false)
            .register(registry);
  }

  /** Notes a request whose answer had this status, 100 to 599, and took so many nanoseconds. */
  public void answered(int status, long nanos) {
    requests[Math.clamp(status / 100, 1, CLASSES - 1)].increment();
    duration.record(Duration.ofNanos(nanos));
  }

  /**
   * Notes a refusal.
   *
   * @param code from the closed set of error codes
   */
  public void refused(String code) {
    Counter counter = refusals.get(code);
    if (counter == null) {
      counter =
          refusals.computeIfAbsent(
              code,
              name ->
                  Counter.builder("keygate.refusals")
                      .description("Requests refused, by error code")
                      .tag("code", name)
                      .register(registry));
    }
    counter.increment();
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
