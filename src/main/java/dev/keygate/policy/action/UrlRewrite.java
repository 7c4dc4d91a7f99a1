package dev.keygate.policy.action;

import static dev.keygate.policy.document.Phase.ON_HTTP_REQUEST;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.expression.EvaluationException;
import dev.keygate.policy.expression.Template;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code url-rewrite}: changes path and query of the request before the next rule sees it. */
public final class UrlRewrite implements ActionType<UrlRewrite.Config> {

  /** What {@code url-rewrite} is configured with. */
  public record Config(
      @Setting(
              "What is replaced: an RE2 regular expression over the whole URL, scheme and host"
                  + " included. Left out, `to` stands for the whole URL.")
          @Nullable Template from,
      @Setting(
              "What stands in its place. `$1` is what the first group matched. Only path and query"
                  + " of the result count: where a request goes is for `ai-gateway` to say.")
          Template to) {}

  @Override
  public String name() {
    return "url-rewrite";
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
    UrlChange change = new UrlChange(config.from(), config.to(), context);
    return exchange -> rewrite(change.apply(exchange), exchange);
  }

  private static Outcome rewrite(UrlChange.Changed changed, Exchange exchange) {
    if (!changed.isSame()) {
      URI uri = uri(changed.url());
      String path = uri.getRawPath();
      exchange.rewrite(path == null || path.isEmpty() ? "/" : path, uri.getRawQuery());
    }
    Map<String, String> error = Map.of("code", "", "message", "");
    Messages.publish(
        exchange,
        "url_rewrite",
        Map.of("url", changed.url(), "matches", changed.matches(), "error", error));
    return Outcome.CONTINUE;
  }

  private static URI uri(String text) {
    try {
      URI uri = new URI(text);
      String path = uri.getRawPath();
      if (path != null && (path.isEmpty() || path.startsWith("/"))) {
        return uri;
      }
    } catch (URISyntaxException malformed) {
      throw new EvaluationException("url-rewrite: the result is no URL");
    }
    throw new EvaluationException("url-rewrite: the result has no path");
  }
}
