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
import dev.keygate.policy.document.Node;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.expression.Template;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code basic-auth}: asks for a user name and a password (RFC 7617). */
public final class BasicAuth implements ActionType<BasicAuth.Config> {
  private static final Refusal REFUSED =
      Refusal.of(ErrorCode.BASIC_AUTH, "The user name and password are missing or wrong.");

  /** What {@code basic-auth} is configured with. */
  public record Config(
      @Setting(
              value =
                  "Who may pass, as `user:password`; the first colon is the one between them. A"
                      + " password has 8 to 128 characters; read it from a vault with"
                      + " `secrets.get`.",
              atLeast = "1",
              atMost = "10")
          List<Template> credentials,
      @Setting(
              value = "What browsers say that the password is for. ASCII.",
              defaultsTo = "keygate",
              atMost = "128")
          String realm,
      @Setting(
              value =
                  "Whether others are refused; otherwise"
                      + " `actions.ngrok.basic_auth.credentials.authorized` tells later rules.",
              defaultsTo = "true")
          boolean enforce) {}

  @Override
  public String name() {
    return "basic-auth";
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
    if (!config.realm().chars().allMatch(character -> character >= ' ' && character < 127)) {
      context.error("realm", "expected printable ASCII characters");
    }
    for (int at = 0; at < config.credentials().size(); at++) {
      String fixed = config.credentials().get(at).constant();
      String wrong = fixed == null ? null : BasicCredentials.problem(fixed);
      if (wrong != null) {
        context.problems().error(item(at, context), wrong);
      }
    }
    String challenge = "Basic realm=\"" + quoted(config.realm()) + "\", charset=\"UTF-8\"";
    return exchange -> check(config, challenge, exchange);
  }

  private static Outcome check(Config config, String challenge, Exchange exchange) {
    BasicCredentials presented = BasicCredentials.of(exchange.headers());
    boolean authorized = presented != null && presented.areAmong(config.credentials(), exchange);
    publish(exchange, presented, authorized);
    if (authorized || !config.enforce()) {
      return Outcome.CONTINUE;
    }
    exchange.addAnswerHeader("www-authenticate", challenge);
    return new Outcome.Refuse(
        REFUSED.withLogDetail(
            presented == null ? "basic-auth: none presented" : "basic-auth: wrong"));
  }

  private static void publish(
      Exchange exchange, @Nullable BasicCredentials presented, boolean authorized) {
    Messages.publish(
        exchange,
        "basic_auth",
        Map.of(
            "credentials",
            Map.of(
                "presented",
                presented != null,
                "username",
                presented == null ? "" : presented.userName(),
                "authorized",
                authorized)));
  }

  private static Node item(int at, ActionContext context) {
    return context.config() instanceof Node.Mapping mapping
            && mapping.get("credentials") instanceof Node.Sequence list
        ? list.items().get(at)
        : context.config();
  }

  /** RFC 9110 section 5.6.4. */
  private static String quoted(String realm) {
    return realm.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
