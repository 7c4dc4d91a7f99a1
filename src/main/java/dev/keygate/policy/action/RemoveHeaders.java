package dev.keygate.policy.action;

import static dev.keygate.policy.document.Phase.ON_HTTP_REQUEST;
import static dev.keygate.policy.document.Phase.ON_HTTP_RESPONSE;

import dev.keygate.exchange.Outcome;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.document.Phase;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** {@code remove-headers}: takes headers away from the request, or from the response. */
public final class RemoveHeaders implements ActionType<RemoveHeaders.Config> {

  /** What {@code remove-headers} is configured with. */
  public record Config(
      @Setting(
              value = "Names of the headers, in any letter case; every value of each is removed.",
              atLeast = "1",
              atMost = "10")
          List<String> headers) {}

  @Override
  public String name() {
    return "remove-headers";
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
    HeaderFields.check(config.headers(), "headers", context);
    HeaderFields.checkChangeable(config.headers(), "headers", context);
    Phase phase = context.phase();
    List<String> names =
        config.headers().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    return exchange -> {
      MultiMap headers = Messages.headers(exchange, phase);
      List<String> removed = new ArrayList<>();
      for (String name : names) {
        if (headers.contains(name)) {
          headers.remove(name);
          removed.add(name);
        }
      }
      Messages.publish(exchange, "remove_headers", Map.of("headers_removed", removed));
      return Outcome.CONTINUE;
    };
  }
}
