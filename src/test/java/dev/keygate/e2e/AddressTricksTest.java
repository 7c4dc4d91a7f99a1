package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.server.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Addresses in every form there is, from a client and from a proxy that may speak for others: where
 * one may pass, its other forms may, and nobody else's do.
 */
class AddressTricksTest {
  private static final String CHAT = RunningKeygate.chatBody("gpt-4o", "Hello");
  private static final String BY_ADDRESS =
      """
      on_http_request:
        - type: restrict-ips
          config: {allow: [LIST]}
        - type: ai-gateway
          config: {authorization: policy}
      """;

  private static RunningKeygate direct;
  private static RunningKeygate proxied;

  @BeforeAll
  static void start(@TempDir Path one, @TempDir Path other) throws IOException {
    direct = RunningKeygate.start(one);
    proxied = RunningKeygate.start(other, Map.of(Setting.TRUSTED_PROXIES, "127.0.0.1"));
  }

  @AfterAll
  static void stop() {
    direct.close();
    proxied.close();
  }

  private static int ask(RunningKeygate keygate, String... lines) {
    return new Wire(keygate.server.gatewayPort()).chat(CHAT, lines).status();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.0/8",
        "'::ffff:127.0.0.1'",
        "'::FFFF:7f00:1'",
        "'0:0:0:0:0:ffff:127.0.0.1'",
        "'::ffff:127.0.0.0/104'",
        "'::ffff:0:0/96'"
      })
  void anAddressIsFoundInWhicheverFormItIsAllowed(String written) {
    save(direct, BY_ADDRESS.replace("LIST", written));
    assertThat(ask(direct)).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'::/0'",
        "'::7f00:1'",
        "'::127.0.0.1'",
        "'::1'",
        "'64:ff9b::127.0.0.1'",
        "128.0.0.0/1"
      })
  void anAddressOfTheOtherFamilyIsAnother(String written) {
    save(direct, BY_ADDRESS.replace("LIST", written));
    assertThat(ask(direct)).isEqualTo(403);
  }

  @Test
  void noHeaderSpeaksForAClientThatIsNoProxy() {
    save(direct, BY_ADDRESS.replace("LIST", "203.0.113.7"));
    String bound =
        direct
            .createKey(direct.defaultEndpointId(), "\"allowed_cidrs\":[\"203.0.113.0/24\"]")
            .token();
    for (String line :
        List.of(
            "X-Forwarded-For: 203.0.113.7",
            "x-forwarded-for: 203.0.113.7\r\nX-FORWARDED-FOR: 203.0.113.7",
            "Forwarded: for=203.0.113.7",
            "X-Real-IP: 203.0.113.7",
            "True-Client-IP: 203.0.113.7",
            "CF-Connecting-IP: 203.0.113.7",
            "X-Client-IP: 203.0.113.7",
            "Via: 1.1 203.0.113.7")) {
      assertThat(ask(direct, line)).as(line).isEqualTo(403);
      assertThat(ask(direct, line, "x-api-key: " + bound)).as(line).isEqualTo(403);
    }
    String header = "PROXY TCP4 203.0.113.7 127.0.0.1 1 2\r\n";
    assertThat(
            new Wire(direct.server.gatewayPort())
                .send(header + "GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n")
                .status())
        .isEqualTo(400);
  }

  @Test
  void aProxySpeaksForItsClientInAnyForm() {
    save(proxied, BY_ADDRESS.replace("LIST", "203.0.113.7, '2001:db8::7'"));
    String bound =
        proxied
            .createKey(
                proxied.defaultEndpointId(),
                "\"allowed_cidrs\":[\"203.0.113.0/24\",\"2001:db8::/64\"]")
            .token();
    for (String client :
        List.of(
            "203.0.113.7",
            "::ffff:203.0.113.7",
            "::ffff:cb00:7107",
            "1.2.3.4, 203.0.113.7",
            "203.0.113.7:80",
            "2001:db8::7",
            "2001:0DB8:0:0:0:0:0:7",
            "[2001:db8::7]:443")) {
      assertThat(ask(proxied, "X-Forwarded-For: " + client)).as(client).isEqualTo(200);
      assertThat(ask(proxied, "X-Forwarded-For: " + client, "x-api-key: " + bound))
          .as(client)
          .isEqualTo(200);
    }
    for (String client :
        List.of(
            "203.0.113.7, 1.2.3.4",
            "203.0.113.7, 127.0.0.1, 1.2.3.4",
            "203.0.113.8",
            "2001:db8:0:1::7",
            "::203.0.113.7",
            "127.0.0.1")) {
      assertThat(ask(proxied, "X-Forwarded-For: " + client)).as(client).isEqualTo(403);
    }
    for (String client :
        List.of("", "203.0.113.7,", "203.0.113.07", "fe80::7%eth0", "unknown", "203.0.113.7/32")) {
      assertThat(ask(proxied, "X-Forwarded-For: " + client)).as(client).isEqualTo(400);
    }
    assertThat(ask(proxied)).isEqualTo(403);
    assertThat(ask(proxied, "X-Forwarded-For: 203.0.113.7", "X-Forwarded-For: 1.2.3.4"))
        .isEqualTo(403);
    assertThat(ask(proxied, "Forwarded: for=203.0.113.7")).isEqualTo(403);
  }

  @Test
  void anAddressHasOneBucketInWhicheverFormTheProxyWritesIt() {
    save(
        proxied,
        """
        on_http_request:
          - expressions: ["!inCidrRange(conn.client_ip, '2001:db8::/32')"]
            actions: [{type: deny, config: {status_code: 401}}]
          - type: rate-limit
            config: {name: x, algorithm: sliding_window, rate: 2/min, bucket_key: [conn.client_ip]}
          - type: ai-gateway
            config: {authorization: policy}
        """);
    int passed = 0;
    for (String client :
        List.of(
            "2001:db8::7",
            "2001:DB8::7",
            "2001:db8:0:0::7",
            "2001:db8:0:0:0:0:0:7",
            "[2001:db8::7]:1",
            "2001:0db8::0007")) {
      passed += ask(proxied, "X-Forwarded-For: " + client) == 200 ? 1 : 0;
    }
    assertThat(passed).isEqualTo(2);
  }

  private static void save(RunningKeygate keygate, String policy) {
    String text = RunningKeygate.JSON.writeValueAsString(policy);
    keygate.controlJson(
        "PATCH", "/endpoints/" + keygate.defaultEndpointId(), "{\"traffic_policy\":" + text + "}");
  }
}
