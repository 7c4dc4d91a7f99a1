package dev.keygate.policy.action;

import static dev.keygate.policy.document.Phase.ON_HTTP_REQUEST;

import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.document.Node;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.expression.Expression;
import dev.keygate.ratelimit.Limit;
import dev.keygate.ratelimit.RateLimits;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code rate-limit}: refuses requests beyond a number in a window of time, for each bucket that
 * expressions name.
 */
public final class RateLimit implements ActionType<RateLimit.Config> {
  private final RateLimits limits;

  public RateLimit(RateLimits limits) {
    this.limits = limits;
  }

  /** How requests are counted. */
  public enum Algorithm {
    SLIDING_WINDOW
  }

  /** What {@code rate-limit} is configured with. */
  public record Config(
      @Setting(
              value =
                  "What the limit is called, in logs and in the headers of answers. While name,"
                      + " window and bucket_key stay the same, counting goes on when the policy is"
                      + " saved again.",
              atLeast = "1",
              atMost = "1023")
          String name,
      @Setting(
              "How requests are counted. `sliding_window` never admits more than `capacity` in any"
                  + " window of the length of `rate`.")
          Algorithm algorithm,
      @Setting(
              value =
                  "How many requests each bucket admits in a window. Left out when `rate` says it.",
              atLeast = "1",
              atMost = "2000000000")
          @Nullable Long capacity,
      @Setting(
              "The length of the window: 60s to 24h in steps of 10s. Or length and capacity in one:"
                  + " `100/min`, with s, min, h or d after the slash.")
          Rate rate,
      @Setting(
              value =
                  "CEL expressions whose values name the bucket: each combination of values has its"
                      + " own. Values are kept as keyed hashes only, so that a credential may be one."
                      + " An absent header reads as an empty text: all requests without it share a"
                      + " bucket.",
              atLeast = "1",
              atMost = "10")
          List<Expression> bucketKey,
      @Setting(
              value =
                  "Whether requests are refused; otherwise only `actions.ngrok.rate_limit.limited`"
                      + " tells.",
              defaultsTo = "true")
          boolean enforce) {}

  /** What makes a limit the same one when its document is compiled again. */
  private record Identity(String name, Duration window, List<String> bucketKey) {}

  @Override
  public String name() {
    return "rate-limit";
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
  public Ending ending(Config config) {
    return config.enforce() ? Ending.SOMETIMES : Ending.NEVER;
  }

  @Override
  public Class<Config> config() {
    return Config.class;
  }

  @Override
  public @Nullable Action compile(Config config, ActionContext context) {
    Long written = config.capacity();
    Long inRate = config.rate().capacity();
    if (written != null && inRate != null && !written.equals(inRate)) {
      context.error("capacity", written + ": rate says " + inRate + "; leave one of them out");
      return null;
    }
    Long capacity = written == null ? inRate : written;
    if (capacity == null) {
      context.error("rate", "capacity is missing; write it, or a rate such as 100/min");
      return null;
    }
    Duration window = config.rate().window();
    Identity identity = new Identity(config.name(), window, expressions(context.config()));
    Limit limit = new Limit(identity + "#" + context.ordinal(identity), window);
    return new RateLimitAction(config, capacity, limits.limits().limiter(limit), limits.hash());
  }

  private static List<String> expressions(Node config) {
    Node list = config instanceof Node.Mapping mapping ? mapping.get("bucket_key") : null;
    return list instanceof Node.Sequence sequence
        ? sequence.items().stream().map(item -> String.valueOf(item.plain())).toList()
        : List.of();
  }
}
