package dev.keygate.policy.action;

import static dev.keygate.policy.document.Phase.ON_HTTP_REQUEST;
import static dev.keygate.policy.document.Phase.ON_HTTP_RESPONSE;
import static dev.keygate.policy.document.Phase.ON_TCP_CONNECT;

import dev.keygate.exchange.Outcome;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.document.Quoted;
import dev.keygate.policy.expression.Value;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code set-vars}: gives values names that later rules of the phase read as {@code vars.name}. */
public final class SetVars implements ActionType<SetVars.Config> {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** What {@code set-vars} is configured with. */
  public record Config(
      @Setting(
              value =
                  "A list of mappings with one name and its value each, set in order: a later one"
                      + " may read an earlier one. A value that is exactly one `${…}` keeps the"
                      + " expression's type.",
              atLeast = "1",
              atMost = "64")
          List<Map<String, Value>> vars) {}

  @Override
  public String name() {
    return "set-vars";
  }

  @Override
  public Set<Phase> phases() {
    return EnumSet.of(ON_TCP_CONNECT, ON_HTTP_REQUEST, ON_HTTP_RESPONSE);
  }

  @Override
  public Ending ending() {
    return Ending.NEVER;
  }

  @Override
  public Class<Config> config() {
    return Config.class;
  }

  @Override
  public Action compile(Config config, ActionContext context) {
    for (Map<String, Value> variable : config.vars()) {
      if (variable.size() != 1) {
        context.error("vars", "a mapping with " + variable.size() + " names: expected one in each");
      }
      for (String name : variable.keySet()) {
        if (!NAME.matcher(name).matches()) {
          context.error(
              "vars", Quoted.of(name) + ": expected a name of letters, digits and underscores");
        }
      }
    }
    return exchange -> {
      for (Map<String, Value> variable : config.vars()) {
        variable.forEach((name, value) -> exchange.vars().put(name, value.settle(exchange)));
      }
      return Outcome.CONTINUE;
    };
  }
}
