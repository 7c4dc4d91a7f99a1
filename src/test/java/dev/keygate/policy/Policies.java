package dev.keygate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.policy.action.HttpCall;
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
                RateLimits.local(1 << 20, System::nanoTime)));
    types.add(new FakeAiGateway());
    return types;
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
