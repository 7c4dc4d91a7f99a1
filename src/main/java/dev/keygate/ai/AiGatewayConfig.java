package dev.keygate.ai;

import dev.keygate.policy.Authorization;
import java.time.Duration;
import java.util.List;

/**
 * What an {@code ai-gateway} action was configured with, checked and typed (SPEC.md sections 4 and
 * 6 to 9).
 *
 * @param authorization how requests are authorized; {@link Authorization#NONE} is not a choice
 * @param perRequestTimeout for each attempt: to the first byte of the answer, and between bytes
 * @param totalTimeout for all attempts together, until the answer begins
 * @param onError what becomes of the request when every attempt has failed
 * @param providers custom providers, and what is changed about built-in ones; ids are unique
 */
public record AiGatewayConfig(
    Authorization authorization,
    Duration perRequestTimeout,
    Duration totalTimeout,
    OnError onError,
    List<ProviderConfig> providers) {

  /** What follows when the gateway has no answer to give. */
  public enum OnError {
    /** The client is told. */
    HALT,
    /** The policy's next action runs. */
    CONTINUE
  }

  /** A bare {@code - type: ai-gateway}. */
  public static final AiGatewayConfig DEFAULT =
      new AiGatewayConfig(
          Authorization.API_KEY,
          Duration.ofMinutes(3),
          Duration.ofMinutes(6),
          OnError.HALT,
          List.of());

  /**
   * @throws IllegalArgumentException if {@code authorization} is {@link Authorization#NONE}, a
   *     timeout is not positive, or an id is given twice
   */
  public AiGatewayConfig {
    providers = List.copyOf(providers);
    if (authorization == Authorization.NONE) {
      throw new IllegalArgumentException(
          "authorization none: expected api_key, policy or passthrough");
    }
    requirePositive("per_request_timeout", perRequestTimeout);
    requirePositive("total_timeout", totalTimeout);
    if (providers.stream().map(ProviderConfig::id).distinct().count() != providers.size()) {
      throw new IllegalArgumentException("providers: an id is given twice");
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " " + value + ": expected more than 0s");
    }
  }
}
