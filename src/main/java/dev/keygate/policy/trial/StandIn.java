package dev.keygate.policy.trial;

import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.Authorization;
import dev.keygate.policy.document.Phase;
import io.vertx.core.MultiMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands where {@code ai-gateway} does, takes the same configuration, and answers with what the
 * test says instead of asking a provider. Used by one thread.
 */
final class StandIn<C extends Record> implements ActionType<C> {
  static final String NAME = "ai-gateway";

  private final ActionType<C> type;
  private Response answer =
      new Response(200, MultiMap.caseInsensitiveMultiMap(), ResponseBody.EMPTY);
  private boolean asked;

  StandIn(ActionType<C> type) {
    this.type = type;
  }

  /** Says what the next request is answered with. */
  void answerWith(Response next) {
    answer = next;
    asked = false;
  }

  /** Whether the request got here. */
  boolean wasAsked() {
    return asked;
  }

  @Override
  public String name() {
    return type.name();
  }

  @Override
  public Set<Phase> phases() {
    return type.phases();
  }

  @Override
  public Ending ending() {
    return type.ending();
  }

  @Override
  public Ending ending(C config) {
    return type.ending(config);
  }

  @Override
  public Guard guard(C config) {
    return type.guard(config);
  }

  @Override
  public Class<C> config() {
    return type.config();
  }

  @Override
  public @Nullable Authorization authorization(C config) {
    return type.authorization(config);
  }

  @Override
  public boolean readsResponseBody() {
    return type.readsResponseBody();
  }

  @Override
  public @Nullable Action compile(C config, ActionContext context) {
    if (type.compile(config, context) == null) {
      return null;
    }
    return exchange -> {
      asked = true;
      return new Outcome.Respond(answer);
    };
  }
}
