package dev.keygate.policy.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.policy.Exchanges;
import dev.keygate.policy.OpenRelay;
import dev.keygate.policy.Policies;
import dev.keygate.policy.PolicyCompiler;
import dev.keygate.policy.Runs;
import dev.keygate.policy.TrafficPolicy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The requests of these tests come from 203.0.113.7. */
class RestrictIpsTest {
  private static final String HERE = "allow: [203.0.113.0/24]";

  @Test
  void onlyAnAllowedAddressPasses() {
    assertThat(request(HERE)).isInstanceOf(Outcome.Continue.class);
    assertThat(request("allow: [192.0.2.0/24]")).isInstanceOf(Outcome.Refuse.class);
    assertThat(request("allow: ['::/0']")).isInstanceOf(Outcome.Refuse.class);
    assertThat(request(HERE + ", deny: [203.0.113.7/32]")).isInstanceOf(Outcome.Refuse.class);
    assertThat(request("deny: [192.0.2.0/24]")).isInstanceOf(Outcome.Refuse.class);
    assertThat(request("")).isInstanceOf(Outcome.Refuse.class);
  }

  @Test
  void othersAreToldWhyOnHttpAndClosedOnTcp() {
    String nobody = "allow: [192.0.2.0/24]";
    Outcome refused = request(nobody);
    assertThat(refused).isInstanceOf(Outcome.Refuse.class);
    assertThat(((Outcome.Refuse) refused).refusal().code()).isEqualTo(ErrorCode.IP_RESTRICTED);
    Exchange exchange = Exchanges.get("/");
    assertThat(Policies.policy(policy("on_tcp_connect", nobody)).onTcpConnect(exchange))
        .isEqualTo(Outcome.CLOSE);
    assertThat(
            Policies.policy(policy("on_http_response", nobody))
                .onHttpResponse(exchange, Runs.answer(200, "text/plain", "secret")))
        .isInstanceOf(Outcome.Refuse.class);
  }

  @Test
  void laterRulesReadWhatWasDecided() {
    assertThat(result(HERE + ", deny: [10.0.0.0/8]"))
        .isEqualTo(
            Map.of(
                "action",
                "allow",
                "matched_cidr",
                "203.0.113.0/24",
                "error",
                Map.of("code", "", "message", "")));
    assertThat(result("enforce: false, allow: [0.0.0.0/0], deny: [203.0.0.0/16]").get("action"))
        .isEqualTo("deny");
    assertThat(
            result("enforce: false, allow: [0.0.0.0/0], deny: [203.0.0.0/16]").get("matched_cidr"))
        .isEqualTo("203.0.0.0/16");
    assertThat(result("enforce: false, allow: [10.0.0.0/8]").get("matched_cidr")).isEqualTo("");
    assertThat(result("enforce: false").get("error"))
        .asString()
        .contains("ERR_NGROK_3205", "not allowed");
  }

  @Test
  void withoutEnforceEverybodyGoesOn() {
    assertThat(request("enforce: false, allow: [10.0.0.0/8]")).isInstanceOf(Outcome.Continue.class);
  }

  @Test
  void aRangeMayBeComputedAndMustThenBeOne() {
    assertThat(request("allow: ['${conn.client_ip}/32']")).isInstanceOf(Outcome.Continue.class);
    assertThat(request("allow: [0.0.0.0/0], deny: ['${conn.client_ip}']"))
        .isInstanceOf(Outcome.Refuse.class);
    Outcome failed = request("allow: [0.0.0.0/0], deny: ['${req.method}']");
    assertThat(failed).isInstanceOf(Outcome.Refuse.class);
    assertThat(((Outcome.Refuse) failed).refusal().code()).isEqualTo(ErrorCode.POLICY_EVALUATION);
  }

  @Test
  void anIpPolicyCountsLikeTheListsBesideIt() {
    assertThat(request("ip_policies: [ipp_office]")).isInstanceOf(Outcome.Continue.class);
    assertThat(result("ip_policies: [ipp_office]").get("matched_cidr")).isEqualTo("203.0.113.0/24");
    assertThat(request("ip_policies: [ipp_office], deny: [203.0.113.7/32]"))
        .isInstanceOf(Outcome.Refuse.class);
    assertThat(Policies.problems(policy("on_http_request", "ip_policies: [ipp_none]")))
        .singleElement()
        .asString()
        .contains("'ipp_none': there is no such IP policy");
  }

  @Test
  void anIpPolicyThatIsGoneLetsNobodyThrough() {
    TrafficPolicy saved =
        Objects.requireNonNull(
            new PolicyCompiler(
                    Policies.EXPRESSIONS, List.of(new RestrictIps(Policies.IP_POLICIES.forSaved())))
                .compile(
                    policy("on_http_request", "allow: [0.0.0.0/0], ip_policies: [ipp_none]"),
                    OpenRelay.REFUSE)
                .policy());
    assertThat(saved.onHttpRequest(Exchanges.get("/"))).isInstanceOf(Outcome.Refuse.class);
  }

  @Test
  void itGuardsAnEndpointWithServerSideKeys() {
    String gateway = "  - type: ai-gateway\n    config: {authorization: policy}\n";
    assertThat(Policies.compile(policy("on_http_request", HERE) + gateway).errors()).isEmpty();
    assertThat(
            Policies.compile(policy("on_http_request", HERE + ", enforce: false") + gateway)
                .errors())
        .singleElement()
        .asString()
        .contains("anybody may use");
  }

  private static Outcome request(String config) {
    return Policies.policy(policy("on_http_request", config)).onHttpRequest(Exchanges.get("/"));
  }

  private static Map<?, ?> result(String config) {
    Exchange exchange = Exchanges.get("/");
    Policies.policy(policy("on_http_request", config)).onHttpRequest(exchange);
    return Runs.result(exchange, "restrict_ips");
  }

  private static String policy(String phase, String config) {
    return phase + ":\n  - type: restrict-ips\n    config: {" + config + "}\n";
  }
}
