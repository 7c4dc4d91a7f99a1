package dev.keygate.policy.action;

import static dev.keygate.policy.document.Phase.ON_HTTP_REQUEST;
import static dev.keygate.policy.document.Phase.ON_TCP_CONNECT;

import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.document.Phase;
import io.vertx.core.MultiMap;
import java.util.EnumSet;
import java.util.Set;

/** {@code deny}: answers with a status and no body; on a connection, closes it. */
public final class Deny implements ActionType<Deny.Config> {

  /** What {@code deny} is configured with. */
  public record Config(
      @Setting(
              value =
                  "The status of the answer. It has no body; use `custom-response` to say more."
                      + " On a connection there is nobody to tell a status: it is closed.",
              defaultsTo = "403",
              atLeast = "400",
              atMost = "599")
          int statusCode) {}

  @Override
  public String name() {
    return "deny";
  }

  @Override
  public Set<Phase> phases() {
    return EnumSet.of(ON_TCP_CONNECT, ON_HTTP_REQUEST);
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
    if (context.phase() == ON_TCP_CONNECT) {
      return exchange -> Outcome.CLOSE;
    }
    int status = config.statusCode();
    return exchange ->
        new Outcome.Respond(
            new Response(status, MultiMap.caseInsensitiveMultiMap(), ResponseBody.EMPTY));
  }
}
