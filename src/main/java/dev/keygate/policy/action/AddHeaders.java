package dev.keygate.policy.action;

import static dev.keygate.policy.document.Phase.ON_HTTP_REQUEST;
import static dev.keygate.policy.document.Phase.ON_HTTP_RESPONSE;

import dev.keygate.exchange.Outcome;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.expression.Template;
import io.vertx.core.MultiMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** {@code add-headers}: adds headers to the request, or to the response. */
public final class AddHeaders implements ActionType<AddHeaders.Config> {

  /** What {@code add-headers} is configured with. */
  public record Config(
      @Setting(
              value =
                  "Header names and their values. A header that is already there gets a further"
                      + " value; take it away with `remove-headers` first to replace it. Names"
                      + " become lower case.",
              atLeast = "1",
              atMost = "10")
          Map<String, Template> headers) {}

  @Override
  public String name() {
    return "add-headers";
  }

  @Override
  public Set<Phase> phases() {
    return EnumSet.of(ON_HTTP_REQUEST, ON_HTTP_RESPONSE);
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
    HeaderFields.checkValues(config.headers(), "headers", context);
    HeaderFields.checkChangeable(config.headers().keySet(), "headers", context);
    Phase phase = context.phase();
    return exchange -> {
      Map<String, String> added = HeaderFields.render(config.headers(), exchange);
      MultiMap headers = Messages.headers(exchange, phase);
      added.forEach((name, value) -> headers.add(name, GatewayKeys.refuse(value)));
      Messages.publish(exchange, "add_headers", Map.of("headers_added", added));
      return Outcome.CONTINUE;
    };
  }
}
