package dev.keygate.live;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.policy.Authorization;
import dev.keygate.policy.TrafficPolicy;

/** Stands in for a stored policy that cannot be compiled: nothing passes. */
final class RefusingPolicy implements TrafficPolicy {
  @Override
  public Authorization authorization() {
    return Authorization.API_KEY;
  }

  @Override
  public Outcome onTcpConnect(Exchange exchange) {
    return Outcome.CONTINUE;
  }

  @Override
  public Outcome onHttpRequest(Exchange exchange) {
    return Outcome.refuse(
        ErrorCode.POLICY_EVALUATION, "The traffic policy of this endpoint cannot be evaluated.");
  }

  @Override
  public Outcome onHttpResponse(Exchange exchange, Response response) {
    return Outcome.CONTINUE;
  }
}
