package dev.keygate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.address.Cidr;
import dev.keygate.address.CidrSet;
import dev.keygate.policy.action.HttpCall;
import dev.keygate.policy.action.IpPolicy;
import dev.keygate.policy.action.IpPolicySource;
import dev.keygate.policy.action.StandardActions;
import dev.keygate.policy.expression.Expressions;
import dev.keygate.policy.expression.SecretSource;
import dev.keygate.ratelimit.RateLimits;
import dev.keygate.secret.Secret;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Compiles policies as tests write them, with one environment for all of them. */
public final class Policies {
  public static final SecretSource SECRETS =
      (vault, name) ->
          vault.equals("gateway") && name.equals("token") ? Secret.of("s3cret-t0ken") : null;

  public static final IpPolicySource IP_POLICIES =
      id ->
          id.equals("ipp_office")
              ? new IpPolicy(ranges("203.0.113.0/24"), ranges("203.0.113.128/25"))
              : null;

  public static final Expressions EXPRESSIONS =
      new Expressions(SECRETS, InstantSource.fixed(Exchanges.NOW));

  private static final PolicyCompiler COMPILER = new PolicyCompiler(EXPRESSIONS, types());

  private Policies() {}

  public static List<ActionType<?>> types() {
    List<ActionType<?>> types =
        new ArrayList<>(
            StandardActions.all(
                HttpCall.NONE,
                InstantSource.fixed(Exchanges.NOW),
                System::nanoTime,
                RateLimits.local(1 << 20, System::nanoTime),
                IP_POLICIES));
    types.add(new FakeAiGateway());
    return types;
  }

  private static CidrSet ranges(String range) {
    return CidrSet.of(List.of(Cidr.parse(range)));
  }

  public static Compilation compile(String document) {
    return COMPILER.compile(document, OpenRelay.REFUSE);
  }

  public static Compilation compile(String document, OpenRelay openRelay) {
    return COMPILER.compile(document, openRelay);
  }

  /** A policy that must be accepted. */
  public static TrafficPolicy policy(String document) {
    Compilation compilation = compile(document);
    assertThat(compilation.errors()).isEmpty();
    return Objects.requireNonNull(compilation.policy());
  }

  /** Everything wrong with a document, one line each. */
  public static List<String> problems(String document) {
    return compile(document).problems().stream().map(Object::toString).toList();
  }
}
