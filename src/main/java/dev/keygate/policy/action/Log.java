package dev.keygate.policy.action;

import static dev.keygate.policy.document.Phase.ON_HTTP_REQUEST;
import static dev.keygate.policy.document.Phase.ON_HTTP_RESPONSE;
import static dev.keygate.policy.document.Phase.ON_TCP_CONNECT;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.expression.Value;
import dev.keygate.policy.expression.Values;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code log}: notes values of a request in the operator's log. */
public final class Log implements ActionType<Log.Config> {
  private static final Logger LOG = LoggerFactory.getLogger(Log.class);
  private static final int MAX_CHARACTERS = 8 * 1024;

  /** What {@code log} is configured with. */
  public record Config(
      @Setting(
              value =
                  "Names and values to note, as one line of JSON beside the request's id. What the"
                      + " request authenticates with is blotted out, and secrets may not be named;"
                      + " a line ends after 8,192 characters.",
              atLeast = "1",
              atMost = "64")
          Map<String, Value> metadata) {}

  @Override
  public String name() {
    return "log";
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
    config
        .metadata()
        .forEach((name, value) -> {
          if (value.readsSecrets()) {
            context.error("metadata", name + ": a secret would stand in the log; leave it out");
          }
        });
    return exchange -> {
      Credentials credentials = new Credentials(exchange);
      Map<String, Object> metadata = new LinkedHashMap<>();
      config
          .metadata()
          .forEach((name, value) -> metadata.put(name, credentials.redact(value.settle(exchange))));
      write(exchange, metadata);
      Messages.publish(exchange, "log", Map.of("metadata", metadata));
      return Outcome.CONTINUE;
    };
  }

  private static void write(Exchange exchange, Map<String, Object> metadata) {
    String line = Values.text(metadata);
    LOG.info(
        "{} {}",
        exchange.requestId(),
        line.length() > MAX_CHARACTERS ? line.substring(0, MAX_CHARACTERS) + '…' : line);
  }
}
