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
import dev.keygate.policy.document.Nearest;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.document.Quoted;
import dev.keygate.policy.expression.Template;
import io.vertx.core.MultiMap;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** {@code verify-webhook}: checks that a request was signed by the service it says it is from. */
public final class VerifyWebhook implements ActionType<VerifyWebhook.Config> {
  private final InstantSource clock;

  public VerifyWebhook(InstantSource clock) {
    this.clock = clock;
  }

  /** What {@code verify-webhook} is configured with. */
  public record Config(
      @Setting("The service that signs, for example `github`, `stripe` or `slack`.")
          String provider,
      @Setting("The secret shared with it; read it from a vault with `secrets.get`.")
          Template secret,
      @Setting(
              value =
                  "Whether a request whose signature does not hold is refused with 403; otherwise"
                      + " `actions.ngrok.verify_webhook.verified` says so to later rules.",
              defaultsTo = "true")
          boolean enforce) {}

  @Override
  public String name() {
    return "verify-webhook";
  }

  @Override
  public Set<Phase> phases() {
    return EnumSet.of(ON_HTTP_REQUEST);
  }

  @Override
  public Ending ending() {
    return Ending.SOMETIMES;
  }

  @Override
  public Guard guard(Config config) {
    return config.enforce() ? Guard.BY_ITSELF : Guard.NONE;
  }

  @Override
  public Class<Config> config() {
    return Config.class;
  }

  @Override
  public Action compile(Config config, ActionContext context) {
    WebhookScheme scheme = WebhookSchemes.of(config.provider());
    if (scheme == null) {
      context.error(
          "provider",
          Quoted.of(config.provider())
              + ": "
              + Nearest.hint(config.provider(), WebhookSchemes.names()));
      return exchange -> Outcome.CONTINUE;
    }
    if ("".equals(config.secret().constant())) {
      context.error("secret", "an empty secret: anybody could sign with it");
    }
    return exchange -> verify(config, scheme, exchange);
  }

  private Outcome verify(Config config, WebhookScheme scheme, Exchange exchange) {
    String secret = config.secret().render(exchange);
    boolean verified = !secret.isEmpty() && scheme.verifies(exchange, secret, clock.instant());
    String message = verified ? "" : "the signature is missing, wrong or too old";
    String code = verified ? "" : "ERR_KEYGATE_WEBHOOK_NOT_VERIFIED";
    Messages.publish(
        exchange,
        "verify_webhook",
        Map.of("verified", verified, "error", Map.of("code", code, "message", message)));
    return verified || !config.enforce()
        ? Outcome.CONTINUE
        : new Outcome.Respond(
            new Response(403, MultiMap.caseInsensitiveMultiMap(), ResponseBody.EMPTY));
  }
}
