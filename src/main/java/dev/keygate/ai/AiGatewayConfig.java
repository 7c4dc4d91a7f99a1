package dev.keygate.ai;

import dev.keygate.policy.Authorization;
import dev.keygate.policy.expression.Template;
import dev.keygate.policy.expression.Value;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an {@code ai-gateway} action was configured with, checked and typed (SPEC.md sections 4 and
 * 6 to 9).
 *
 * @param authorization how requests are authorized; {@link Authorization#NONE} is not a choice
 * @param perRequestTimeout for each attempt: to the first byte of the answer, and between bytes
 * @param totalTimeout for all attempts together, until the answer begins
 * @param onError what becomes of the request when every attempt has failed
 * @param providers custom providers, and what is changed about built-in ones; ids are unique
 * @param access which providers and models requests may go to
 * @param tokens how many tokens a request may have
 * @param additions what requests to providers get beside what the client sent
 * @param strategies how models and keys are chosen
 */
public record AiGatewayConfig(
    Authorization authorization,
    Duration perRequestTimeout,
    Duration totalTimeout,
    OnError onError,
    List<ProviderConfig> providers,
    Access access,
    TokenLimits tokens,
    Additions additions,
    Strategies strategies) {

  /** What follows when the gateway has no answer to give. */
  public enum OnError {
    /** The client is told. */
    HALT,
    /** The policy's next action runs. */
    CONTINUE
  }

  /** Whether requests may go to providers and models that the policy does not list. */
  public record Access(boolean onlyConfiguredProviders, boolean onlyConfiguredModels) {
    public static final Access ANY = new Access(false, false);
  }

  /** Most tokens of a prompt and of an answer; 0 for no limit. */
  public record TokenLimits(long maxInput, long maxOutput) {
    public static final TokenLimits NONE = new TokenLimits(0, 0);
  }

  /**
   * What requests to providers get beside what the client sent.
   *
   * @param body top-level fields, in place of the client's
   */
  public record Additions(
      Map<String, Template> headers, Map<String, Template> queryParams, Map<String, Value> body) {
    public static final Additions NONE = new Additions(Map.of(), Map.of(), Map.of());

    public Additions {
      headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
      queryParams = Collections.unmodifiableMap(new LinkedHashMap<>(queryParams));
      body = Collections.unmodifiableMap(new LinkedHashMap<>(body));
    }

    boolean isEmpty() {
      return headers.isEmpty() && queryParams.isEmpty() && body.isEmpty();
    }
  }

  /**
   * Expressions that choose models, and ones that choose keys; the first that gives any decides.
   */
  public record Strategies(List<Strategy> models, List<Strategy> keys) {
    public static final Strategies NONE = new Strategies(List.of(), List.of());

    public Strategies {
      models = List.copyOf(models);
      keys = List.copyOf(keys);
    }

    boolean isEmpty() {
      return models.isEmpty() && keys.isEmpty();
    }
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

  /** A configuration that changes nothing about models and requests. */
  public AiGatewayConfig(
      Authorization authorization,
      Duration perRequestTimeout,
      Duration totalTimeout,
      OnError onError,
      List<ProviderConfig> providers) {
    this(
        authorization,
        perRequestTimeout,
        totalTimeout,
        onError,
        providers,
        Access.ANY,
        TokenLimits.NONE,
        Additions.NONE,
        Strategies.NONE);
  }

  /** The same with other limits on where requests may go. */
  public AiGatewayConfig with(Access other) {
    return new AiGatewayConfig(
        authorization,
        perRequestTimeout,
        totalTimeout,
        onError,
        providers,
        other,
        tokens,
        additions,
        strategies);
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " " + value + ": expected more than 0s");
    }
  }
}
