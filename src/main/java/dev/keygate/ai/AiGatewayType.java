package dev.keygate.ai;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Outcome;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.Authorization;
import dev.keygate.policy.document.Phase;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code ai-gateway}: forwards the request to a provider, and ends the phase with its answer. */
public final class AiGatewayType implements ActionType<AiGatewayFields> {

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
    AiGatewayConfig config = new FieldsReader(context).read(fields);
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
