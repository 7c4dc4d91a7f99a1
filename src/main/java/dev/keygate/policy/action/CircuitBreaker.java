package dev.keygate.policy.action;

import static dev.keygate.policy.document.Phase.ON_HTTP_REQUEST;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Refusal;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.document.Phase;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code circuit-breaker}: refuses requests for a while when too many of the last ones failed, to
 * give what fails time to recover.
 */
public final class CircuitBreaker implements ActionType<CircuitBreaker.Config> {
  private final LongSupplier nanoTime;

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  public CircuitBreaker(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** What {@code circuit-breaker} is configured with. */
  public record Config(
      @Setting(
              value =
                  "The share of failed requests, 0.0 to 1.0, from which on requests are refused.",
              defaultsTo = "0.5",
              atLeast = "0",
              atMost = "1")
          double errorThreshold,
      @Setting(
              value = "How many requests the window must have seen before the share counts.",
              defaultsTo = "10",
              atLeast = "1",
              atMost = "2000000000")
          int volumeThreshold,
      @Setting(
              value = "How far back requests are counted.",
              defaultsTo = "10s",
              atLeast = "1s",
              atMost = "2m")
          Duration windowDuration,
      @Setting(
              value = "How long requests are refused before one is let through to try.",
              defaultsTo = "10s",
              atLeast = "1s",
              atMost = "2m")
          Duration trippedDuration,
      @Setting("Parts of the window; always 10.") @Nullable Integer numBuckets,
      @Setting(value = "Whether requests are refused; otherwise only counted.", defaultsTo = "true")
          boolean enforce) {}

  @Override
  public String name() {
    return "circuit-breaker";
  }

  @Override
  public Set<Phase> phases() {
    return EnumSet.of(ON_HTTP_REQUEST);
  }

  @Override
  public Ending ending() {
    return Ending.SOMETIMES;
  }

  @Override
  public Class<Config> config() {
    return Config.class;
  }

  @Override
  public Action compile(Config config, ActionContext context) {
    if (config.numBuckets() != null && config.numBuckets() != RollingCounts.PARTS) {
      context.error("num_buckets", config.numBuckets() + ": expected " + RollingCounts.PARTS);
    }
    Breaker breaker =
        new Breaker(
            new RollingCounts(config.windowDuration()),
            config.errorThreshold(),
            config.volumeThreshold(),
            config.trippedDuration().toNanos());
    return exchange -> pass(config, breaker, exchange);
  }

  private Outcome pass(Config config, Breaker breaker, Exchange exchange) {
    Breaker.Admission admission = breaker.admit(nanoTime.getAsLong());
    boolean admitted = admission != Breaker.Admission.REFUSED;
    Messages.publish(exchange, "circuit_breaker", Map.of("tripped", !admitted));
    if (!admitted && config.enforce()) {
      int seconds = (int) Math.max(1, config.trippedDuration().toSeconds());
      return new Outcome.Refuse(
          Refusal.of(ErrorCode.OVERLOADED, "Too many requests have failed; try again later.")
              .withLogDetail("circuit breaker open")
              .withRetryAfter(seconds));
    }
    exchange.watchAnswer(status -> breaker.ended(nanoTime.getAsLong(), admission, status >= 500));
    return Outcome.CONTINUE;
  }
}
