package dev.keygate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.endpoint.Endpoint;
import dev.keygate.endpoint.HostPattern;
import dev.keygate.policy.Authorization;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of SPEC.md section 4, in both formats. */
class WhoMayPassTest {
  private static final ScriptedPolicy KEYED = ScriptedPolicy.echo(Authorization.API_KEY);
  private static final ScriptedPolicy RULED = ScriptedPolicy.echo(Authorization.POLICY);
  private static final ScriptedPolicy PASSED = ScriptedPolicy.echo(Authorization.PASSTHROUGH);
  private static final ScriptedPolicy OPEN = ScriptedPolicy.echo(Authorization.NONE);
  private static final List<ScriptedPolicy> ALL = List.of(KEYED, RULED, PASSED, OPEN);
  private static final RunningGateway GATEWAY = RunningGateway.with(KEYED);

  private static final String INVALID =
      "The gateway API key is not valid. Check that it was copied whole, and that it was not"
          + " deleted, disabled or expired.";
  private static final String MISSING =
      "The gateway API key is missing. Send it as `Authorization: Bearer …` or `x-api-key: …`.";
  private static final String TWO =
      "The request carries more than one credential. Send the gateway API key once, as"
          + " `Authorization: Bearer …` or `x-api-key: …`.";
  private static final String IN_QUERY =
      "The gateway API key is in the query string, and URLs end up in logs. Replace this key, and"
          + " send the new one as `Authorization: Bearer …` or `x-api-key: …`.";
  private static final String OTHER_ENDPOINT =
      "The gateway API key does not belong to this endpoint.";
  private static final String NO_KEY_WANTED =
      "This endpoint forwards your own provider credential and takes no gateway API key.";
  private static final String NO_ENDPOINT = "There is no endpoint at this host.";

  @BeforeAll
  static void publish() {
    GATEWAY.publish("ep_ruled", "ruled", RULED);
    GATEWAY.publish("ep_passed", "passed", PASSED);
    GATEWAY.publish("ep_open", "open", OPEN);
    GATEWAY.publish(
        new Endpoint("ep_off", new HostPattern("off", false, 0), "off", false, true), OPEN);
  }

  @AfterAll
  static void stop() {
    GATEWAY.close();
  }

  @AfterEach
  void forget() {
    ALL.forEach(policy -> policy.seen().clear());
    GATEWAY.lastUsed.drain();
  }

  private static String bearer(String token) {
    return "Authorization: Bearer " + token;
  }

  private static Arguments row(
      String name, String host, String header, int status, String code, String message) {
    return Arguments.of(name, host, header, status, code, message);
  }

  private static Arguments passed(String name, String header) {
    return row("passed: " + name, "passed", header, 401, "ERR_NGROK_27007", NO_KEY_WANTED);
  }

  private static String basic(String userAndPassword) {
    return "Authorization: Basic "
        + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
  }

  private static Arguments invalid(String name, String token) {
    return row(name, "x", bearer(token), 401, "ERR_NGROK_27007", INVALID);
  }

  static Stream<Arguments> refusals() {
    String valid = GATEWAY.key();
    String expired = GATEWAY.key(RunningGateway.ENDPOINT, false, RunningGateway.NOW);
    String disabled = GATEWAY.key(RunningGateway.ENDPOINT, true, null);
    String deleted = GATEWAY.key();
    GATEWAY.delete(deleted);
    String elsewhere = GATEWAY.key("ep_other", false, null);
    String wrongSecret = valid.substring(0, 23) + RunningGateway.unknownKey().substring(23);
    return Stream.of(
        row("no key", "x", "Accept: */*", 401, "ERR_NGROK_27007", MISSING),
        row("key in a cookie", "x", "Cookie: k=" + valid, 401, "ERR_NGROK_27007", MISSING),
        invalid("unknown key", RunningGateway.unknownKey()),
        invalid("deleted key", deleted),
        invalid("expired key", expired),
        invalid("disabled key", disabled),
        invalid("another key's secret", wrongSecret),
        invalid("cut key", valid.substring(0, 60)),
        invalid("longer key", valid + "a"),
        invalid("key in another letter case", valid.toUpperCase(Locale.ROOT)),
        invalid("provider key", "sk-ant-123"),
        invalid("empty key", ""),
        row("no bearer", "x", "Authorization: Basic " + valid, 401, "ERR_NGROK_27007", INVALID),
        row("empty x-api-key", "x", "x-api-key:", 401, "ERR_NGROK_27007", INVALID),
        row("two lines", "x", twice(bearer(valid)), 401, "ERR_NGROK_27007", TWO),
        row("two x-api-key", "x", twice("x-api-key: " + valid), 401, "ERR_NGROK_27007", TWO),
        row(
            "two headers that differ",
            "x",
            bearer(valid) + "\r\nx-api-key: sk-1",
            401,
            "ERR_NGROK_27007",
            TWO),
        row(
            "second of two that differ",
            "x",
            "api-key: sk-1\r\nx-goog-api-key: " + valid,
            401,
            "ERR_NGROK_27007",
            TWO),
        row("other endpoint", "x", bearer(elsewhere), 403, "ERR_NGROK_27008", OTHER_ENDPOINT),
        row("ruled: unknown", "ruled", bearer(deleted), 401, "ERR_NGROK_27007", INVALID),
        row("ruled: other's", "ruled", bearer(valid), 403, "ERR_NGROK_27008", OTHER_ENDPOINT),
        row("ruled: two", "ruled", twice("x-api-key: sk-1"), 401, "ERR_NGROK_27007", TWO),
        row("passed: key", "passed", bearer(valid), 401, "ERR_NGROK_27007", NO_KEY_WANTED),
        row("passed: unknown", "passed", bearer(deleted), 401, "ERR_NGROK_27007", NO_KEY_WANTED),
        passed("key behind two schemes", "x-api-key: Bearer " + valid),
        passed("key behind another scheme", "Authorization: Token " + valid),
        passed("key as a user name", basic(valid + ":")),
        passed("key as a password", basic("ann:" + valid)),
        passed("key as a user name beside another", basic(valid + ":") + "\r\nx-api-key: sk-1"),
        row("passed: two", "passed", twice("api-key: sk-1"), 401, "ERR_NGROK_27007", TWO),
        row("disabled endpoint", "off", bearer(valid), 404, "ERR_NGROK_3200", NO_ENDPOINT));
  }

  private static String twice(String line) {
    return line + "\r\n" + line;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void aRequestThatMayNotPassIsToldSoInItsFormatAndReachesNoRule(
      String name, String host, String header, int status, String code, String message) {
    RawClient.Answer openAi = post("/v1/chat/completions", host, header);
    RawClient.Answer anthropic = post("/v1/messages", host, header);

    for (RawClient.Answer answer : List.of(openAi, anthropic)) {
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.header("x-keygate-error")).isEqualTo(code);
      assertThat(answer.header("x-request-id")).matches("req_[0-9A-Za-z]{27}");
      assertThat(answer.header("www-authenticate")).isEqualTo(status == 401 ? "Bearer" : null);
    }
    Types types = Types.of(status);
    assertThat(openAi.text())
        .isEqualTo(
            "{\"error\":{\"message\":\"%s [%s]\",\"type\":\"%s\",\"param\":null,\"code\":\"%s\"}}"
                .formatted(message, code, types.openAi(), code));
    assertThat(anthropic.text())
        .isEqualTo(
            ("{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"%s [%s]\"},"
                    + "\"request_id\":\"%s\"}")
                .formatted(
                    types.anthropic(), message, code, anthropic.headers().get("x-request-id")));
    assertThat(ALL).allSatisfy(policy -> assertThat(policy.seen()).isEmpty());
  }

  /** What each vendor calls a status. */
  private record Types(String openAi, String anthropic) {
    static Types of(int status) {
      return switch (status) {
        case 401 -> new Types("authentication_error", "authentication_error");
        case 403 -> new Types("permission_error", "permission_error");
        case 404 -> new Types("invalid_request_error", "not_found_error");
        default -> throw new AssertionError(status);
      };
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key=%s",
        "api_key=%s",
        "api-key=%s",
        "access_token=%s",
        "a=b&anything=%s",
        "%s",
        "a=%%6eg-&k=%%6e%s",
        "q=Bearer+%s"
      })
  void aKeyInTheQueryStringIsRefusedWithTheReason(String query) {
    String valid = GATEWAY.key();
    String filled = query.formatted(query.contains("%%6e%s") ? valid.substring(1) : valid);
    for (String host : List.of("x", "ruled", "passed")) {
      RawClient.Answer answer = post("/v1/messages?" + filled, host, bearer(valid));
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.text()).contains(IN_QUERY).doesNotContain(valid);
    }
    assertThat(ALL).allSatisfy(policy -> assertThat(policy.seen()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer ",
        "authorization: bearer ",
        "AUTHORIZATION: BEARER   ",
        "x-api-key: ",
        "X-Api-Key:",
        "api-key: ",
        "x-goog-api-key: "
      })
  void aValidKeyPassesInEachHeaderAndItsUseIsNoted(String prefix) {
    String key = GATEWAY.key();
    RawClient.Answer answer = post("/v1/messages", "x", prefix + key);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("x-request-id")).startsWith("req_");
    assertThat(KEYED.seen())
        .singleElement()
        .satisfies(seen -> {
          assertThat(seen.key()).isNotNull();
          assertThat(GATEWAY.lastUsed.drain())
              .containsExactly(Map.entry(seen.key().id(), RunningGateway.NOW));
        });
  }

  @Test
  void theSameKeyInTwoHeadersPasses() {
    String key = GATEWAY.key();
    assertThat(post("/v1/messages", "x", bearer(key) + "\r\nx-api-key: " + key).status())
        .isEqualTo(200);
  }

  @Test
  void withoutAKeyTheRulesDecideWhereThePolicyAuthorizes() {
    assertThat(post("/v1/messages", "ruled", "Accept: */*").status()).isEqualTo(200);
    assertThat(post("/v1/messages", "ruled", bearer("sk-1")).status()).isEqualTo(200);
    assertThat(post("/v1/messages", "ruled", bearer(keyOf("ep_ruled"))).status()).isEqualTo(200);
    assertThat(RULED.seen()).hasSize(3);
  }

  @Test
  void aProviderCredentialPassesWhereItIsForwarded() {
    assertThat(post("/v1/messages", "passed", "x-api-key: sk-ant-1").status()).isEqualTo(200);
    assertThat(post("/v1/messages", "passed", "Accept: */*").status()).isEqualTo(200);
    assertThat(post("/v1/messages", "passed", basic("ann:password-1")).status()).isEqualTo(200);
    assertThat(post("/v1/messages", "passed", "Authorization: Basic ?").status()).isEqualTo(200);
    assertThat(PASSED.seen()).hasSize(4);
  }

  @Test
  void anEndpointWithoutAiGatewayAsksForNoKey() {
    assertThat(post("/anything", "open", "Accept: */*").status()).isEqualTo(200);
    assertThat(post("/anything", "open", bearer(RunningGateway.unknownKey())).status())
        .isEqualTo(200);
    assertThat(OPEN.seen()).hasSize(2);
  }

  @Test
  void anUnknownHostIsToldThatThereIsNoEndpoint() {
    try (RunningGateway none = RunningGateway.forgetful()) {
      none.publish("ep_named", "named", OPEN);
      RawClient.Answer answer =
          none.exchange("GET /v1/models HTTP/1.1\r\nHost: other\r\n" + bearer("k") + "\r\n\r\n");
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.header("x-keygate-error")).isEqualTo("ERR_NGROK_3200");
      assertThat(answer.text()).contains(NO_ENDPOINT);
    }
  }

  @Test
  void whileTheStoreIsAwayOnlyKeysInMemoryPass() {
    String known = GATEWAY.key();
    GATEWAY.live.freshness().storeAway();
    try {
      assertThat(post("/v1/messages", "x", bearer(known)).status()).isEqualTo(200);
      assertUnavailable(post("/v1/messages", "x", bearer(RunningGateway.unknownKey())));
      assertThat(post("/v1/messages", "x", bearer("sk-1")).status()).isEqualTo(401);
    } finally {
      GATEWAY.live.freshness().renewed(GATEWAY.live.freshness().now());
    }
  }

  @Test
  void onceTheViewIsTooOldNoKeyIsJudged() {
    try (RunningGateway old = RunningGateway.forgetful()) {
      old.publish(RunningGateway.ENDPOINT, "", KEYED);
      String known = old.key();
      old.live.freshness().storeAway();
      for (String key : List.of(known, RunningGateway.unknownKey())) {
        assertUnavailable(old.exchange(request("/v1/messages", "x", bearer(key))));
      }
      assertThat(old.exchange(request("/v1/messages", "x", bearer("sk-1"))).status())
          .isEqualTo(401);
    }
  }

  @Test
  void onceTheViewIsTooOldNothingPassesByRulesAndCredentialsAlone() {
    try (RunningGateway old = RunningGateway.forgetful()) {
      old.publish("ep_ruled", "ruled", RULED);
      old.publish("ep_passed", "passed", PASSED);
      for (String host : List.of("ruled", "passed")) {
        for (String header : List.of("Accept: */*", bearer("sk-1"))) {
          assertUnavailable(old.exchange(request("/v1/messages", host, header)));
        }
      }
      assertThat(RULED.seen()).isEmpty();
      assertThat(PASSED.seen()).isEmpty();
      RawClient.Answer keyed =
          old.exchange(request("/v1/messages", "passed", bearer(RunningGateway.unknownKey())));
      assertThat(keyed.status()).isEqualTo(401);
    }
  }

  private static void assertUnavailable(RawClient.Answer answer) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("x-keygate-error")).isEqualTo("ERR_NGROK_27009");
    assertThat(answer.header("retry-after")).isEqualTo("5");
    assertThat(answer.text())
        .contains("\"overloaded_error\"")
        .contains("The gateway cannot check at the moment who may pass. Try again shortly.");
  }

  private static String keyOf(String endpointId) {
    return GATEWAY.key(endpointId, false, null);
  }

  private static String request(String target, String host, String header) {
    return "POST "
        + target
        + " HTTP/1.1\r\nHost: "
        + host
        + "\r\n"
        + header
        + "\r\nContent-Length: 2\r\n\r\n{}";
  }

  private static RawClient.Answer post(String target, String host, String header) {
    return GATEWAY.exchange(request(target, host, header));
  }
}
