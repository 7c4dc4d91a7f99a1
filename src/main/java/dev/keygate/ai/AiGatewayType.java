package dev.keygate.ai;

import dev.keygate.ai.selection.Strategies;
import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Outcome;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.Authorization;
import dev.keygate.policy.document.Phase;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code ai-gateway}: forwards the request to a provider, and ends the phase with its answer. */
public final class AiGatewayType implements ActionType<AiGatewayFields> {

  private final Function<AiGatewayConfig, Action> maker;
  private final Strategies strategies;

  /**
   * @param clock what time it is to strategies
   */
  public AiGatewayType(AiGateway.Shared shared, InstantSource clock) {
    this(config -> new AiGateway(config, shared), clock);
  }

  private AiGatewayType(Function<AiGatewayConfig, Action> maker, InstantSource clock) {
    this.maker = maker;
    this.strategies = new Strategies(clock);
  }

  /**
   * The same where there is no gateway: configurations are read and checked as there, and every
   * request is refused.
   */
  public static AiGatewayType offline(ProviderTable providers, InstantSource clock) {
    return new AiGatewayType(
        config -> {
          providers.with(config.providers());
          return exchange -> Outcome.refuse(ErrorCode.INTERNAL, "There is no gateway here");
        },
        clock);
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
  public Class<AiGatewayFields> config() {
    return AiGatewayFields.class;
  }

  @Override
  public Authorization authorization(AiGatewayFields config) {
    return config.authorization().authorization();
  }

  @Override
  public @Nullable Action compile(AiGatewayFields fields, ActionContext context) {
    int before = context.problems().errors();
    AiGatewayConfig config = new FieldsReader(context, strategies).read(fields);
    if (context.problems().errors() > before) {
      return null;
    }
    try {
      return maker.apply(config);
    } catch (IllegalArgumentException e) {
      context.error("providers", String.valueOf(e.getMessage()));
      return null;
    }
  }
}
