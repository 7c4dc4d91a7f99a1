package dev.keygate.policy.action;

import static dev.keygate.policy.document.Phase.ON_HTTP_REQUEST;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.expression.EvaluationException;
import dev.keygate.policy.expression.Template;
import io.vertx.core.MultiMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code redirect}: sends the client to another URL. */
public final class Redirect implements ActionType<Redirect.Config> {
  private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

  /** What {@code redirect} is configured with. */
  public record Config(
      @Setting(
              "What is replaced: an RE2 regular expression over the whole URL, scheme and host"
                  + " included. Left out, `to` stands for the whole URL.")
          @Nullable Template from,
      @Setting(
              "What stands in its place. `$1` is what the first group matched. Values from"
                  + " expressions are percent-encoded where a URL needs it.")
          Template to,
      @Setting(value = "301, 302, 303, 307 or 308.", defaultsTo = "302") int statusCode,
      @Setting(value = "Further headers of the answer.", atMost = "10")
          Map<String, Template> headers) {}

  @Override
  public String name() {
    return "redirect";
  }

  @Override
  public Set<Phase> phases() {
    return EnumSet.of(ON_HTTP_REQUEST);
  }

  /** A URL that the change leaves as it was is not redirected to itself. */
  @Override
  public Ending ending() {
    return Ending.SOMETIMES;
  }

  @Override
  public Class<Config> config() {
    return Config.class;
  }

  @Override
  public Action compile(Config config, ActionContext context) {
    if (!STATUSES.contains(config.statusCode())) {
      context.error("status_code", config.statusCode() + ": expected 301, 302, 303, 307 or 308");
    }
    HeaderFields.checkValues(config.headers(), "headers", context);
    UrlChange change = new UrlChange(config.from(), config.to(), context);
    return exchange -> redirect(config, change.apply(exchange), exchange);
  }

  private static Outcome redirect(Config config, UrlChange.Changed changed, Exchange exchange) {
    Map<String, String> error = Map.of("code", "", "message", "");
    Messages.publish(
        exchange,
        "redirect",
        Map.of("url", changed.url(), "matches", changed.matches(), "error", error));
    if (changed.isSame()) {
      return Outcome.CONTINUE;
    }
    if (!HeaderFields.isValue(changed.url())) {
      throw new EvaluationException("redirect: a line break in the URL");
    }
    MultiMap headers = HeaderFields.multiMap(HeaderFields.render(config.headers(), exchange));
    headers.set("location", changed.url());
    return new Outcome.Respond(new Response(config.statusCode(), headers, ResponseBody.EMPTY));
  }
}
