package dev.keygate.ai;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Format;
import dev.keygate.exchange.Outcome;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.Authorization;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.document.Phase;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code ai-gateway}: forwards the request to a provider, and ends the phase with its answer. */
public final class AiGatewayType implements ActionType<AiGatewayType.Config> {

  /** How requests are authorized, as policies write it. */
  public enum Mode {
    API_KEY,
    POLICY,
    PASSTHROUGH;

    Authorization authorization() {
      return switch (this) {
        case API_KEY -> Authorization.API_KEY;
        case POLICY -> Authorization.POLICY;
        case PASSTHROUGH -> Authorization.PASSTHROUGH;
      };
    }
  }

  /** What {@code ai-gateway} is configured with. */
  public record Config(
      @Setting(
              value =
                  "`api_key`: a valid gateway API key, always. `policy`: a valid key if one is"
                      + " presented, otherwise the rules decide. `passthrough`: the client's own"
                      + " provider credential is forwarded, and the gateway's are never used.",
              defaultsTo = "api_key")
          Mode authorization,
      @Setting(
              value = "Longest wait of one attempt for its first byte, and between bytes.",
              defaultsTo = "3m",
              atLeast = "1ms",
              atMost = "1h")
          Duration perRequestTimeout,
      @Setting(
              value = "Longest wait of all attempts together for an answer to begin.",
              defaultsTo = "6m",
              atLeast = "1ms",
              atMost = "1h")
          Duration totalTimeout,
      @Setting(
              value =
                  "When every attempt failed: `halt` tells the client, `continue` runs the policy's"
                      + " next action.",
              defaultsTo = "halt")
          AiGatewayConfig.OnError onError,
      @Setting(value = "Custom providers, and changes to built-in ones.", atMost = "100")
          List<ProviderEntry> providers) {}

  /** One provider of {@code providers}. */
  public record ProviderEntry(
      @Setting(value = "Its name in `provider:model`.", atLeast = "1", atMost = "64") String id,
      @Setting(
              value =
                  "Where it is. A path replaces the client's `/v1`; without one the client's path is"
                      + " kept. `http://` is for loopback and private addresses only.")
          @Nullable String baseUrl,
      @Setting(
              value = "What it speaks: `openai`, `anthropic`. A custom provider speaks `openai`.",
              atMost = "2")
          List<Format> formats,
      @Setting(value = "Client headers it gets beyond the usual ones.", atMost = "32")
          List<String> forwardHeaders) {}

  private final Function<AiGatewayConfig, Action> maker;

  public AiGatewayType(AiGateway.Shared shared) {
    this(config -> new AiGateway(config, shared));
  }

  private AiGatewayType(Function<AiGatewayConfig, Action> maker) {
    this.maker = maker;
  }

  /**
   * The same where there is no gateway: configurations are read and checked as there, and every
   * request is refused.
   */
  public static AiGatewayType offline(ProviderTable providers) {
    return new AiGatewayType(config -> {
      providers.with(config.providers());
      return exchange -> Outcome.refuse(ErrorCode.INTERNAL, "There is no gateway here");
    });
  }

  @Override
  public String name() {
    return "ai-gateway";
  }

  @Override
  public Set<Phase> phases() {
    return EnumSet.of(Phase.ON_HTTP_REQUEST);
  }

  @Override
  public Ending ending() {
    return Ending.ALWAYS;
  }

  @Override
  public Class<Config> config() {
    return Config.class;
  }

  @Override
  public Authorization authorization(Config config) {
    return config.authorization().authorization();
  }

  @Override
  public @Nullable Action compile(Config config, ActionContext context) {
    try {
      return maker.apply(
          new AiGatewayConfig(
              config.authorization().authorization(),
              config.perRequestTimeout(),
              config.totalTimeout(),
              config.onError(),
              config.providers().stream().map(AiGatewayType::provider).toList()));
    } catch (IllegalArgumentException e) {
      context.error("providers", String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static ProviderConfig provider(ProviderEntry entry) {
    return new ProviderConfig(
        entry.id(),
        entry.baseUrl() == null ? null : BaseUrl.parse(entry.baseUrl()),
        Set.copyOf(entry.formats()),
        null,
        List.of(),
        entry.forwardHeaders());
  }
}
