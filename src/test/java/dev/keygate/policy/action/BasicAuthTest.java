package dev.keygate.policy.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.policy.Exchanges;
import dev.keygate.policy.Policies;
import dev.keygate.policy.Runs;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BasicAuthTest {
  private static final String TWO = "credentials: ['ann:pass:word', 'bob:pässword']";

  @Test
  void whoeverKnowsThePasswordPasses() {
    assertThat(passes(TWO, basic("ann:pass:word"))).isTrue();
    assertThat(passes(TWO, basic("bob:pässword"))).isTrue();
    assertThat(passes(TWO, basic("ann:pass:word").replace("Basic", "bASIC"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann:pass:worD",
        "ann:pass",
        "ann:",
        ":pass:word",
        "bob:pass:word",
        "ann",
        "",
        "ann:pass:word\0",
        "ANN:pass:word"
      })
  void anybodyElseIsRefused(String credentials) {
    assertThat(passes(TWO, basic(credentials))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Basic", "Basic ", "Basic !!!", "Bearer x", "ann:pass:word"})
  void whatIsNoUserNameAndPasswordIsRefused(String header) {
    assertThat(passes(TWO, header)).isFalse();
  }

  @Test
  void anEndlessHeaderIsRefusedUnread() {
    assertThat(passes(TWO, "Basic " + "QQ==".repeat(10_000))).isFalse();
  }

  @Test
  void twoHeadersAreRefused() {
    Exchange exchange =
        Exchanges.request(
            "GET", "/", "", "authorization", basic("ann:pass:word"), "Authorization", basic("x:y"));
    assertThat(run(TWO, exchange)).isInstanceOf(Outcome.Refuse.class);
  }

  @Test
  void aRefusalAsksForThePassword() {
    Exchange exchange = Exchanges.get("/");
    Outcome outcome = run(TWO + ", realm: 'the \"lab\"'", exchange);
    assertThat(((Outcome.Refuse) outcome).refusal().code()).isEqualTo(ErrorCode.BASIC_AUTH);
    assertThat(exchange.answerHeaders())
        .containsExactly(
            new Exchange.AnswerHeader(
                "www-authenticate", "Basic realm=\"the \\\"lab\\\"\", charset=\"UTF-8\""));
  }

  @Test
  void laterRulesReadWhoItIs() {
    assertThat(result("ann:pass:word"))
        .isEqualTo(Map.of("presented", true, "username", "ann", "authorized", true));
    assertThat(result("eve:whatever"))
        .isEqualTo(Map.of("presented", true, "username", "eve", "authorized", false));
    assertThat(result(""))
        .isEqualTo(Map.of("presented", false, "username", "", "authorized", false));
  }

  @Test
  void withoutEnforceEverybodyGoesOnAndNobodyIsAsked() {
    Exchange exchange = Exchanges.get("/");
    assertThat(run(TWO + ", enforce: false", exchange)).isInstanceOf(Outcome.Continue.class);
    assertThat(exchange.answerHeaders()).isEmpty();
  }

  @Test
  void aPasswordMayBeASecretAndMustThenBeGood() {
    String secret = "credentials: [\"ann:${secrets.get('gateway', 'token')}\"]";
    assertThat(passes(secret, basic("ann:s3cret-t0ken"))).isTrue();
    assertThat(passes(secret, basic("ann:${secrets.get('gateway', 'token')}"))).isFalse();
    Outcome failed =
        run(
            "credentials: ['ann:${req.method}']",
            Exchanges.request("GET", "/", "", "authorization", basic("ann:GET")));
    assertThat(((Outcome.Refuse) failed).refusal().code()).isEqualTo(ErrorCode.POLICY_EVALUATION);
  }

  private static Map<?, ?> result(String credentials) {
    Exchange exchange = request(basic(credentials));
    run(TWO + ", enforce: false", exchange);
    Map<?, ?> result = Runs.result(exchange, "basic_auth");
    return (Map<?, ?>) Objects.requireNonNull(result.get("credentials"));
  }

  private static boolean passes(String config, String header) {
    return run(config, request(header)) instanceof Outcome.Continue;
  }

  private static Exchange request(String header) {
    return Exchanges.request("GET", "/", "", "Authorization", header);
  }

  private static Outcome run(String config, Exchange exchange) {
    String policy = "on_http_request:\n- {type: basic-auth, config: {" + config + "}}\n";
    return Policies.policy(policy).onHttpRequest(exchange);
  }

  private static String basic(String credentials) {
    byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }
}
