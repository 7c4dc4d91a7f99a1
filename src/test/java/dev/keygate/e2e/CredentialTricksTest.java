package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.e2e.RunningKeygate.CreatedKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One client with one credential, which writes it in every way there is: it is one client all the
 * same, and no way of writing lets through what another would not.
 */
class CredentialTricksTest {
  private static final String CHAT = RunningKeygate.chatBody("gpt-4o", "Hello");
  private static final String BY_AUTHORIZATION =
      """
      on_http_request:
        - type: rate-limit
          config:
            name: NAME
            algorithm: sliding_window
            rate: 3/min
            bucket_key: ["req.headers['authorization']"]
      """;

  private static final String BY_POLICY =
      "  - {type: ai-gateway, config: {authorization: policy}}\n";

  private static RunningKeygate keygate;
  private static Wire wire;

  @BeforeAll
  static void start(@TempDir Path dataDir) throws IOException {
    keygate = RunningKeygate.start(dataDir);
    wire = new Wire(keygate.server.gatewayPort());
  }

  @AfterAll
  static void stop() {
    keygate.close();
  }

  /** Every way to send one credential. */
  private static List<String> ways(String token) {
    return List.of(
        "Authorization: Bearer " + token,
        "AUTHORIZATION: Bearer " + token,
        "authorization: bearer " + token,
        "authorization: BEARER " + token,
        "authorization: bEaReR " + token,
        "authorization:Bearer    " + token,
        "authorization: \t Bearer " + token + " \t",
        "authorization: " + token,
        "x-api-key: " + token,
        "X-API-Key:   " + token + "  ",
        "api-key: " + token,
        "x-goog-api-key: " + token,
        "x-api-key: " + token + "\r\napi-key: " + token,
        "authorization: bearer " + token + "\r\nx-goog-api-key: " + token);
  }

  @Test
  void aKeyHasOneBucketHoweverItIsSent() {
    save(BY_AUTHORIZATION.replace("NAME", "key") + "  - type: ai-gateway\n");
    CreatedKey key = keygate.createKey();
    CreatedKey other = keygate.createKey();
    int passed = 0;
    for (String way : ways(key.token())) {
      int status = wire.chat(CHAT, way).status();
      assertThat(status).as(way).isIn(200, 429);
      passed += status == 200 ? 1 : 0;
    }
    assertThat(passed).isEqualTo(3);
    assertThat(wire.chat(CHAT, "x-api-key: " + other.token()).status()).isEqualTo(200);
  }

  @Test
  void aKeysOwnLimitIsOneHoweverItIsSent() {
    save("on_http_request:\n  - type: ai-gateway\n");
    CreatedKey key = keygate.createKey(keygate.defaultEndpointId(), "\"requests_per_minute\":3");
    long passed =
        ways(key.token()).stream().filter(way -> wire.chat(CHAT, way).status() == 200).count();
    assertThat(passed).isEqualTo(3);
  }

  @Test
  void aTokenOfTheRulesHasOneBucketHoweverItIsSent() {
    save(
        BY_AUTHORIZATION.replace("NAME", "token")
            + "  - expressions: [\"req.headers['authorization'][0] != 'Bearer s3cret-t0ken'\"]\n"
            + "    actions: [{type: deny, config: {status_code: 401}}]\n"
            + BY_POLICY);
    List<String> written =
        List.of("Bearer s3cret-t0ken", "bearer s3cret-t0ken", "BEARER   s3cret-t0ken");
    int passed = 0;
    for (int i = 0; i < 3; i++) {
      for (String way : written) {
        passed += wire.chat(CHAT, "authorization: " + way).status() == 200 ? 1 : 0;
      }
    }
    assertThat(passed).isEqualTo(3);
  }

  @Test
  void nothingThatResemblesATokenPassesForIt() {
    save(
        """
        on_http_request:
          - expressions: ["req.headers['authorization'][0] != 'Bearer s3cret-tökén'"]
            actions: [{type: deny, config: {status_code: 401}}]
          - type: ai-gateway
            config: {authorization: policy}
        """);
    for (String line :
        List.of(
            "authorization: Bearer s3cret-token",
            "authorization: Bearer S3CRET-T\u00d6K\u00c9N",
            "authorization: Bearer s3cret-to\u0308ke\u0301n".replaceAll("[^\\x00-\\xff]", "?"),
            "authorization: Bearer s3cret-t\u00f6k\u00e9n\u00a0",
            "authorization: Bearer s3cret-t\u00f6k\u00e9n, x",
            "authorization: Basic s3cret-t\u00f6k\u00e9n",
            "authorization: Bearer\u00a0s3cret-t\u00f6k\u00e9n",
            "proxy-authorization: Bearer s3cret-t\u00f6k\u00e9n",
            "authorization_: Bearer s3cret-t\u00f6k\u00e9n",
            "x-authorization: Bearer s3cret-t\u00f6k\u00e9n")) {
      assertThat(wire.chat(CHAT, line).status()).as(line).isEqualTo(401);
    }
  }

  @Test
  void aSecondCredentialIsRefusedWhereverItStands() {
    save(
        """
        on_http_request:
          - expressions: ["req.headers['authorization'][0] != 'Bearer s3cret-t0ken'"]
            actions: [{type: deny, config: {status_code: 401}}]
          - type: ai-gateway
            config: {authorization: policy}
        """);
    String good = "authorization: Bearer s3cret-t0ken";
    for (String other :
        List.of(
            "authorization: Bearer other",
            "Authorization: Bearer s3cret-t0ken",
            "x-api-key: other",
            "X-GOOG-API-KEY: ng-0000000000000000-g1-00000000000000000000000000000000000000")) {
      assertThat(wire.chat(CHAT, good, other).status()).as(other).isEqualTo(401);
      assertThat(wire.chat(CHAT, other, good).status()).as(other).isEqualTo(401);
    }
    assertThat(wire.chat(CHAT, good).status()).isEqualTo(200);
  }

  @Test
  void aPasswordHasOneSpelling() {
    save(
        BY_AUTHORIZATION.replace("NAME", "password")
            + "  - {type: basic-auth, config: {credentials: ['ann:password-1']}}\n"
            + BY_POLICY);
    String encoded = encoded("ann:password-1");
    assertThat(encoded).isEqualTo("YW5uOnBhc3N3b3JkLTE=");
    int passed = 0;
    for (String way :
        List.of(
            "Basic " + encoded,
            "basic " + encoded,
            "BASIC    " + encoded,
            "Basic YW5uOnBhc3N3b3JkLTE", // without padding
            "Basic YW5uOnBhc3N3b3JkLTF=", // bits that count for nothing
            "Basic " + encoded + "\t")) {
      passed += wire.chat(CHAT, "authorization: " + way).status() == 200 ? 1 : 0;
    }
    assertThat(passed).isEqualTo(3);
    for (String wrong :
        List.of("ann:password-1 ", "ANN:password-1", "ann:password-1\0", "ann\0:password-1")) {
      assertThat(wire.chat(CHAT, "authorization: Basic " + encoded(wrong)).status())
          .as(wrong)
          .isIn(401, 429);
    }
    assertThat(
            wire.chat(CHAT, "authorization: Basic " + encoded, "authorization: Basic " + encoded)
                .status())
        .isEqualTo(401);
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aCredentialBehindTheBodyIsNone() {
    save("on_http_request:\n  - type: ai-gateway\n");
    String token = keygate.createKey().token();
    for (String name : List.of("authorization: Bearer ", "x-api-key: ")) {
      assertThat(wire.chunked(List.of(CHAT), name + token + "\r\n").status()).isEqualTo(401);
      assertThat(wire.chunked(List.of(CHAT), name + token + "\r\n", "Trailer: x-api-key").status())
          .isEqualTo(401);
    }
    assertThat(wire.chunked(List.of(CHAT), "", "x-api-key: " + token).status()).isEqualTo(200);
  }

  private static void save(String policy) {
    String text = RunningKeygate.JSON.writeValueAsString(policy);
    keygate.controlJson(
        "PATCH", "/endpoints/" + keygate.defaultEndpointId(), "{\"traffic_policy\":" + text + "}");
  }
}
