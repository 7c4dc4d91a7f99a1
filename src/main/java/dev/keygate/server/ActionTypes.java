package dev.keygate.server;

import dev.keygate.ai.AiGatewayType;
import dev.keygate.ai.ProviderTable;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.action.HttpCall;
import dev.keygate.policy.action.IpPolicySource;
import dev.keygate.policy.action.StandardActions;
import dev.keygate.ratelimit.RateLimits;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The registry of the kinds of action that policies may use, in a server and beside one. */
public final class ActionTypes {
  private ActionTypes() {}

  /**
   * Those that policies are compiled with where nothing is served: the same names, configurations
   * and checks, but nothing that leaves the process.
   *
   * @param clock tells how old a signed webhook is
   */
  public static List<ActionType<?>> offline(InstantSource clock) {
    return all(
        AiGatewayType.offline(ProviderTable.builtIn(), clock),
        HttpCall.NONE,
        clock,
        RateLimits.local(1 << 20, System::nanoTime),
        IpPolicySource.UNKNOWN);
  }

  static List<ActionType<?>> all(
      AiGatewayType aiGateway,
      HttpCall http,
      InstantSource clock,
      RateLimits limits,
      IpPolicySource ipPolicies) {
    List<ActionType<?>> types = new ArrayList<>();
    types.add(aiGateway);
    types.addAll(StandardActions.all(http, clock, System::nanoTime, limits, ipPolicies));
    return types;
  }
}
