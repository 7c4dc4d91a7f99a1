package dev.keygate.policy.action;

import static dev.keygate.policy.document.Phase.ON_HTTP_REQUEST;
import static dev.keygate.policy.document.Phase.ON_HTTP_RESPONSE;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.expression.Template;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** {@code custom-response}: answers with a status, headers and body of the policy's own. */
public final class CustomResponse implements ActionType<CustomResponse.Config> {

  /** What {@code custom-response} is configured with. */
  public record Config(
      @Setting(
              value = "The status of the answer.",
              defaultsTo = "200",
              atLeast = "200",
              atMost = "599")
          int statusCode,
      @Setting(value = "The body of the answer.", defaultsTo = "''") Template body,
      @Setting(
              value =
                  "Headers of the answer. Without a `content-type`, one is chosen by how the body"
                      + " begins: JSON, or plain text, or HTML where the policy itself writes its"
                      + " first `<`.",
              atMost = "10")
          Map<String, Template> headers) {}

  @Override
  public String name() {
    return "custom-response";
  }

  @Override
  public Set<Phase> phases() {
    return EnumSet.of(ON_HTTP_REQUEST, ON_HTTP_RESPONSE);
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
    HeaderFields.checkValues(config.headers(), "headers", context);
    return exchange -> new Outcome.Respond(response(config, exchange));
  }

  private static Response response(Config config, Exchange exchange) {
    MultiMap headers = HeaderFields.multiMap(HeaderFields.render(config.headers(), exchange));
    String body = config.body().render(exchange);
    if (!body.isEmpty() && !headers.contains("content-type")) {
      headers.set("content-type", typeOf(config.body().beginning(), body));
    }
    return new Response(config.statusCode(), headers, new ResponseBody.Whole(Buffer.buffer(body)));
  }

  /** What a request brought is never taken for a page: it could hold scripts. */
  private static String typeOf(String written, String body) {
    String start = body.stripLeading();
    if (start.startsWith("{") || start.startsWith("[")) {
      return "application/json";
    }
    return written.stripLeading().startsWith("<")
        ? "text/html; charset=utf-8"
        : "text/plain; charset=utf-8";
  }
}
