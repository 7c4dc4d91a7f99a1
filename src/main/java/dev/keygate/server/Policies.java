package dev.keygate.server;

import dev.keygate.ai.AiGateway;
import dev.keygate.ai.AiGatewayType;
import dev.keygate.ai.CheckedHttpCall;
import dev.keygate.control.PolicyInspector;
import dev.keygate.live.PolicySource;
import dev.keygate.policy.Authorization;
import dev.keygate.policy.Compilation;
import dev.keygate.policy.OpenRelay;
import dev.keygate.policy.PolicyCompiler;
import dev.keygate.policy.PolicySchema;
import dev.keygate.policy.TrafficPolicy;
import dev.keygate.policy.action.HttpCall;
import dev.keygate.policy.action.IpPolicySource;
import dev.keygate.policy.document.Problem;
import dev.keygate.policy.expression.Expressions;
import dev.keygate.policy.expression.SecretSource;
import dev.keygate.policy.trial.PolicyTest;
import dev.keygate.ratelimit.RateLimits;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;

/** The compiler of policies, as the rest of the server asks it. */
final class Policies implements PolicySource, PolicyInspector {
  private final PolicyCompiler compiler;
  private final PolicyCompiler saved;
  private final InstantSource clock;

  Policies(AiGateway.Shared shared, RateLimits limits, InstantSource clock) {
    this.clock = clock;
    SecretSource secrets = shared.live().secrets();
    IpPolicySource ipPolicies = shared.live().ipPolicies();
    HttpCall http = new CheckedHttpCall(shared.upstream());
    AiGatewayType aiGateway = new AiGatewayType(shared, clock);
    this.compiler =
        new PolicyCompiler(
            new Expressions(secrets, clock),
            ActionTypes.all(aiGateway, http, clock, limits, ipPolicies));
    this.saved =
        new PolicyCompiler(
            new Expressions(secrets.forSaved(), clock),
            ActionTypes.all(aiGateway, http, clock, limits, ipPolicies.forSaved()));
  }

  /** A stored document was accepted once, so that what it allows was said then. */
  @Override
  public TrafficPolicy compile(String document) {
    Compilation compiled = saved.compile(document, OpenRelay.ALLOW);
    TrafficPolicy policy = compiled.policy();
    if (policy == null) {
      throw new IllegalArgumentException(
          compiled.errors().stream().map(Problem::toString).collect(Collectors.joining("; ")));
    }
    return policy;
  }

  @Override
  public List<String> problems(String document, boolean allowOpenRelay) {
    OpenRelay openRelay = allowOpenRelay ? OpenRelay.ALLOW : OpenRelay.REFUSE;
    return compiler.compile(document, openRelay).errors().stream().map(Problem::toString).toList();
  }

  @Override
  public List<String> warnings(String document) {
    return compiler.compile(document, OpenRelay.ALLOW).warnings().stream()
        .map(Problem::toString)
        .toList();
  }

  @Override
  public boolean hasAiGateway(String document) {
    TrafficPolicy policy = saved.compile(document, OpenRelay.ALLOW).policy();
    return policy != null && policy.authorization() != Authorization.NONE;
  }

  @Override
  public String schema() {
    return PolicySchema.json(ActionTypes.offline(clock));
  }

  /** Each run has rate limits and a provider of its own, and no vault's secrets. */
  @Override
  public PolicyTest.Report test(String document, String tests) {
    return new PolicyTest(clock, ActionTypes.offline(clock))
        .run("policy", document, "tests", tests);
  }
}
