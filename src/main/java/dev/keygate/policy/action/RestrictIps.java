package dev.keygate.policy.action;

import static dev.keygate.policy.document.Phase.ON_HTTP_REQUEST;
import static dev.keygate.policy.document.Phase.ON_HTTP_RESPONSE;
import static dev.keygate.policy.document.Phase.ON_TCP_CONNECT;

import dev.keygate.address.Cidr;
import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Refusal;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.document.Quoted;
import dev.keygate.policy.expression.EvaluationException;
import dev.keygate.policy.expression.Template;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code restrict-ips}: lets through by the address a connection comes from. */
public final class RestrictIps implements ActionType<RestrictIps.Config> {
  private static final Refusal RESTRICTED =
      Refusal.of(ErrorCode.IP_RESTRICTED, "Requests from this address are not allowed.")
          .withLogDetail("restrict-ips");

  private final IpPolicySource ipPolicies;

  public RestrictIps(IpPolicySource ipPolicies) {
    this.ipPolicies = ipPolicies;
  }

  /** What {@code restrict-ips} is configured with. */
  public record Config(
      @Setting(
              value =
                  "Whether others are refused; otherwise `actions.ngrok.restrict_ips.action` says"
                      + " to later rules what would have been done.",
              defaultsTo = "true")
          boolean enforce,
      @Setting(
              value =
                  "Ranges that may pass, `203.0.113.0/24` or `2001:db8::/32`. IPv4 and IPv6 ranges"
                      + " do not hold each other: name both.",
              atMost = "100000")
          List<Template> allow,
      @Setting(value = "Ranges that may not, also where `allow` names them.", atMost = "100000")
          List<Template> deny,
      @Setting(
              value =
                  "Identifiers of IP policies, `ipp_…`, whose allow and deny rules count like those"
                      + " above. A change of one counts at once, without the policy being saved"
                      + " again.",
              atMost = "64")
          List<String> ipPolicies) {}

  @Override
  public String name() {
    return "restrict-ips";
  }

  @Override
  public Set<Phase> phases() {
    return EnumSet.of(ON_TCP_CONNECT, ON_HTTP_REQUEST, ON_HTTP_RESPONSE);
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
    if (config.allow().isEmpty() && config.ipPolicies().isEmpty()) {
      context.warning(
          "nobody passes: only what an allow range holds does; to let everybody else through,"
              + " allow 0.0.0.0/0 and ::/0");
    }
    for (String id : config.ipPolicies()) {
      if (!ipPolicies.mayName(id)) {
        context.error("ip_policies", Quoted.of(id) + ": there is no such IP policy");
      }
    }
    AddressList allow = AddressList.of("allow", config.allow(), context);
    AddressList deny = AddressList.of("deny", config.deny(), context);
    Outcome refused =
        context.phase() == ON_TCP_CONNECT ? Outcome.CLOSE : new Outcome.Refuse(RESTRICTED);
    List<String> named = config.ipPolicies();
    return exchange ->
        passes(allow, deny, named, exchange) || !config.enforce() ? Outcome.CONTINUE : refused;
  }

  private boolean passes(
      AddressList allow, AddressList deny, List<String> named, Exchange exchange) {
    InetAddress client = exchange.connection().client();
    Cidr denied = deny.find(client, exchange);
    Cidr allowed = denied == null ? allow.find(client, exchange) : null;
    for (int at = 0; denied == null && at < named.size(); at++) {
      IpPolicy policy = current(named.get(at));
      denied = policy.deny().find(client);
      allowed = allowed == null ? policy.allow().find(client) : allowed;
    }
    Cidr matched = denied == null ? allowed : denied;
    boolean passes = denied == null && matched != null;
    publish(exchange, passes, matched);
    return passes;
  }

  /** Nobody knows whom a list that is gone let through: nobody, then. */
  private IpPolicy current(String id) {
    IpPolicy policy = ipPolicies.find(id);
    if (policy == null) {
      throw new EvaluationException("restrict-ips: IP policy " + id + " is not there");
    }
    return policy;
  }

  private static void publish(Exchange exchange, boolean passes, @Nullable Cidr matched) {
    Messages.publish(
        exchange,
        "restrict_ips",
        Map.of(
            "action",
            passes ? "allow" : "deny",
            "matched_cidr",
            matched == null ? "" : matched.toString(),
            "error",
            passes
                ? Map.of("code", "", "message", "")
                : Map.of("code", RESTRICTED.code().code(), "message", RESTRICTED.message())));
  }
}
