package dev.keygate.policy;

import dev.keygate.policy.document.Node;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.document.Problems;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the actions of a policy mean together: how requests are authorized, whether anybody gets
 * through, what can never run. Told of rules and actions in the order in which they run.
 */
final class PolicyFacts {

  /** Whether a rule runs for every request. */
  enum Condition {
    NONE,
    EXPRESSIONS
  }

  private final Problems problems;
  private Condition condition = Condition.NONE;
  private @Nullable String endedBy;
  private boolean toldOfUnreachable;
  private @Nullable Authorization authorization;
  private boolean guarded;
  private boolean readsResponseBody;
  private Node.@Nullable Mapping openRelayAt;
  private boolean unreadable;

  PolicyFacts(Problems problems) {
    this.problems = problems;
  }

  Authorization authorization() {
    return authorization == null ? Authorization.NONE : authorization;
  }

  boolean readsResponseBody() {
    return readsResponseBody;
  }

  void enter(Phase phase) {
    endedBy = null;
    toldOfUnreachable = false;
    condition = Condition.NONE;
  }

  void rule(Node.Mapping rule, Condition ruleCondition) {
    condition = ruleCondition;
    warnOfUnreachable(rule);
  }

  <C extends Record> void action(ActionType<C> type, C config, Node.Mapping at) {
    warnOfUnreachable(at);
    guarded |=
        switch (type.guard(config)) {
          case NONE -> false;
          case WITH_CONDITION -> condition == Condition.EXPRESSIONS;
          case BY_ITSELF -> true;
        };
    readsResponseBody |= type.readsResponseBody();
    Authorization says = type.authorization(config);
    if (says != null) {
      authorize(says, at);
    }
    if (type.ending(config) == ActionType.Ending.ALWAYS && condition == Condition.NONE) {
      endedBy = type.name();
    }
  }

  /** An action whose configuration is wrong: what it would mean is not known. */
  void unreadable(ActionType<?> type, Node.Mapping at) {
    unreadable = true;
  }

  private void authorize(Authorization says, Node.Mapping at) {
    if (authorization != null && authorization != says) {
      problems.error(
          at,
          "authorization differs between the ai-gateway actions of this policy; expected "
              + name(authorization)
              + " here too");
      return;
    }
    authorization = says;
    if (says == Authorization.POLICY && !guarded && openRelayAt == null) {
      openRelayAt = at;
    }
  }

  /** Called when all actions are known. */
  void finish(OpenRelay openRelay) {
    if (openRelayAt == null || unreadable) {
      return;
    }
    String message =
        "with authorization: policy and no rule before it that can refuse, anybody may use this"
            + " gateway's provider keys; ";
    if (openRelay == OpenRelay.REFUSE) {
      problems.error(
          openRelayAt,
          message + "add a deny or custom-response with expressions, or say allow_open_relay");
    } else {
      problems.warning(openRelayAt, message + "allow_open_relay was said");
    }
  }

  private void warnOfUnreachable(Node.Mapping at) {
    if (endedBy != null && !toldOfUnreachable) {
      toldOfUnreachable = true;
      problems.warning(
          at, "never runs: " + endedBy + " before it ends the phase for every request");
    }
  }

  private static String name(Authorization authorization) {
    return authorization.name().toLowerCase(Locale.ROOT);
  }
}
