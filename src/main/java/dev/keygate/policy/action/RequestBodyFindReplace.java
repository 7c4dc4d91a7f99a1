package dev.keygate.policy.action;

import static dev.keygate.policy.document.Phase.ON_HTTP_REQUEST;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Refusal;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.document.Phase;
import io.vertx.core.buffer.Buffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** {@code request-body-find-replace}: changes the request's body before it is sent on. */
public final class RequestBodyFindReplace implements ActionType<RequestBodyFindReplace.Config> {

  private static final Outcome NO_ROOM =
      new Outcome.Refuse(
          Refusal.of(
                  ErrorCode.OVERLOADED,
                  "The gateway holds as many request bodies as it may: there is no room for what"
                      + " this one becomes.")
              .withRetryAfter(1));

  /** What {@code request-body-find-replace} is configured with. */
  public record Config(
      @Setting(
              value = "Applied in order, each to what the one before made.",
              atLeast = "1",
              atMost = "64")
          List<Replacements.Config> replacements) {}

  @Override
  public String name() {
    return "request-body-find-replace";
  }

  @Override
  public Set<Phase> phases() {
    return EnumSet.of(ON_HTTP_REQUEST);
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
    Replacements replacements =
        new Replacements(config.replacements(), "request_body_find_replace", context);
    return exchange ->
        replacements.around(
            exchange, exchange.headers(), exchange.body(), body -> replace(body, exchange));
  }

  private static Outcome replace(Buffer replaced, Exchange exchange) {
    if (!exchange.replaceBody(replaced)) {
      return exchange.isAbandoned() ? Outcome.CLOSE : NO_ROOM;
    }
    if (exchange.headers().contains("content-length")) {
      exchange.headers().set("content-length", Integer.toString(replaced.length()));
    }
    return Outcome.CONTINUE;
  }
}
