package dev.keygate.policy.action;

import static dev.keygate.policy.document.Phase.ON_HTTP_RESPONSE;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.exchange.WholeBody;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.expression.EvaluationException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code response-body-find-replace}: reads the whole answer and changes it before it is sent. */
public final class ResponseBodyFindReplace implements ActionType<ResponseBodyFindReplace.Config> {
  private static final Outcome NO_ROOM = new Outcome.Refuse(WholeBody.NO_ROOM);

  /** What {@code response-body-find-replace} is configured with. */
  public record Config(
      @Setting(
              value =
                  "Applied in order, each to what the one before made. The whole answer is read"
                      + " first, an event stream too: use `sse-find-replace` to keep those flowing.",
              atLeast = "1",
              atMost = "64")
          List<Replacements.Config> replacements) {}

  @Override
  public String name() {
    return "response-body-find-replace";
  }

  @Override
  public Set<Phase> phases() {
    return EnumSet.of(ON_HTTP_RESPONSE);
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
  public boolean readsResponseBody() {
    return true;
  }

  @Override
  public Action compile(Config config, ActionContext context) {
    Replacements replacements =
        new Replacements(config.replacements(), "response_body_find_replace", context);
    return exchange ->
        switch (Messages.response(exchange).body()) {
          case ResponseBody.Whole whole -> replace(replacements, exchange, whole.bytes());
          case ResponseBody.Streamed streamed ->
              new Outcome.Pending(
                  new WholeBody(streamed, Codings.MAX_BYTES, exchange.bodyRoom())
                      .read()
                      .transform((bytes, failure) ->
                          bytes == null
                              ? unread(failure)
                              : Future.succeededFuture(replace(replacements, exchange, bytes))));
        };
  }

  private static Future<Outcome> unread(@Nullable Throwable why) {
    return why instanceof WholeBody.NoRoomException
        ? Future.succeededFuture(NO_ROOM)
        : Future.failedFuture(
            new EvaluationException(why == null ? "no answer" : String.valueOf(why.getMessage())));
  }

  private static Outcome replace(Replacements replacements, Exchange exchange, Buffer body) {
    Response response = Messages.response(exchange);
    return replacements.around(
        exchange,
        response.headers(),
        body,
        replaced -> {
          int more = replaced.length() - body.length();
          return more > 0 && !exchange.bodyRoom().take(more)
              ? NO_ROOM
              : answer(response, replaced, exchange);
        });
  }

  private static Outcome answer(Response response, Buffer replaced, Exchange exchange) {
    response.headers().remove("content-length").remove("etag");
    exchange.response(
        new Response(response.status(), response.headers(), new ResponseBody.Whole(replaced)));
    return Outcome.CONTINUE;
  }
}
