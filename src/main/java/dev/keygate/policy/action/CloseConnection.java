package dev.keygate.policy.action;

import static dev.keygate.policy.document.Phase.ON_HTTP_REQUEST;
import static dev.keygate.policy.document.Phase.ON_HTTP_RESPONSE;
import static dev.keygate.policy.document.Phase.ON_TCP_CONNECT;

import dev.keygate.exchange.Outcome;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.document.Phase;
import java.util.EnumSet;
import java.util.Set;

/** {@code close-connection}: closes the client's connection without an answer. */
public final class CloseConnection implements ActionType<CloseConnection.Config> {

  /** {@code close-connection} is configured with nothing. */
  public record Config() {}

  @Override
  public String name() {
    return "close-connection";
  }

  @Override
  public Set<Phase> phases() {
    return EnumSet.of(ON_TCP_CONNECT, ON_HTTP_REQUEST, ON_HTTP_RESPONSE);
  }

  @Override
  public Ending ending() {
    return Ending.ALWAYS;
  }

  @Override
  public Guard guard(Config config) {
    return Guard.WITH_CONDITION;
  }

  @Override
  public Class<Config> config() {
    return Config.class;
  }

  @Override
  public Action compile(Config config, ActionContext context) {
    return exchange -> Outcome.CLOSE;
  }
}
