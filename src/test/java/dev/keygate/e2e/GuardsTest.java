package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guards that policies set up, and what they read, in a running gateway. */
class GuardsTest {
  private static final String GATEWAY =
      """
        - type: ai-gateway
          config: {authorization: policy}
      """;

  private RunningKeygate keygate;
  private Path dataDir;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    dataDir = directory;
    keygate = RunningKeygate.start(directory);
  }

  @AfterEach
  void stop() {
    keygate.close();
  }

  @Test
  void rulesSeeANewSecretAtOnceAndRefuseWhenItIsGone() {
    String policy =
        """
        on_http_request:
          - expressions: ["req.headers['x-token'][0] != secrets.get('gateway', 'token')"]
            actions: [{type: deny, config: {status_code: 401}}]
        """
            + GATEWAY;
    HttpResponse<String> unknown = save(policy);
    assertThat(unknown.statusCode()).isEqualTo(422);
    assertThat(unknown.body()).contains("gateway", "token");

    keygate.controlJson("POST", "/vaults", "{\"name\": \"gateway\"}");
    String id = secret("first-value");
    assertThat(save(policy).statusCode()).isEqualTo(200);
    assertThat(chat("x-token", "first-value").statusCode()).isEqualTo(200);
    assertThat(chat("x-token", "other").statusCode()).isEqualTo(401);

    keygate.controlJson("PATCH", "/vault_secrets/" + id, "{\"value\": \"second-value\"}");
    assertThat(chat("x-token", "first-value").statusCode()).isEqualTo(401);
    assertThat(chat("x-token", "second-value").statusCode()).isEqualTo(200);

    assertThat(keygate.control("DELETE", "/vault_secrets/" + id, "").statusCode()).isEqualTo(204);
    assertThat(chat("x-token", "second-value").statusCode()).isEqualTo(500);
    assertThat(chat("x-token", "").statusCode()).isEqualTo(500);
    assertThat(keygate.provider.received()).hasSize(2);
  }

  @Test
  void aSecretIsNeverShownAndNeverStoredInTheClear() throws IOException {
    keygate.controlJson("POST", "/vaults", "{\"name\": \"gateway\"}");
    String id = secret("planted-value-1");
    String shown =
        keygate.control("GET", "/vault_secrets/" + id, "").body()
            + keygate.control("GET", "/vault_secrets", "").body()
            + keygate
                .control("PATCH", "/vault_secrets/" + id, "{\"value\": \"planted-value-2\"}")
                .body();
    assertThat(shown).contains("\"vault_name\":\"gateway\"").doesNotContain("planted-value");
    try (Stream<Path> files = Files.walk(dataDir)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .doesNotContain("planted-value");
      }
    }
  }

  @Test
  void namesOfVaultsAndSecretsAreTakenOnce() {
    String vault =
        keygate.controlJson("POST", "/vaults", "{\"name\": \"gateway\"}").get("id").asString();
    secret("value");
    assertThat(keygate.control("POST", "/vaults", "{\"name\": \"gateway\"}").statusCode())
        .isEqualTo(409);
    String again = "{\"vault_id\": \"" + vault + "\", \"name\": \"token\", \"value\": \"x\"}";
    assertThat(keygate.control("POST", "/vault_secrets", again).statusCode()).isEqualTo(409);
    assertThat(keygate.control("DELETE", "/vaults/" + vault, "").statusCode()).isEqualTo(409);
    assertThat(keygate.control("POST", "/vaults", "{\"name\": \"it's\"}").statusCode())
        .isEqualTo(400);
    assertThat(
            keygate
                .control("POST", "/vault_secrets", "{\"name\": \"x\", \"value\": \"x\"}")
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void anIpPolicyCountsAsSoonAsItsRulesChange() {
    String id = keygate.controlJson("POST", "/ip_policies", "{}").get("id").asString();
    String policy =
        "on_http_request:\n  - {type: restrict-ips, config: {ip_policies: [" + id + "]}}\n";
    assertThat(save(policy.replace(id, "ipp_none") + GATEWAY).statusCode()).isEqualTo(422);
    assertThat(save(policy + GATEWAY).statusCode()).isEqualTo(200);
    assertThat(chat().statusCode()).isEqualTo(403);
    rule(id, "127.0.0.0/8", "allow");
    assertThat(chat().statusCode()).isEqualTo(200);
    String deny = rule(id, "127.0.0.1/32", "deny");
    HttpResponse<String> refused = chat();
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.headers().firstValue("x-keygate-error")).contains("ERR_NGROK_3205");
    keygate.control("DELETE", "/ip_policy_rules/" + deny, "");
    assertThat(chat().statusCode()).isEqualTo(200);
    keygate.control("DELETE", "/ip_policies/" + id, "");
    assertThat(chat().statusCode()).isEqualTo(500);
    assertThat(keygate.provider.received()).hasSize(2);
  }

  @Test
  void aPasswordAndAGatewayKeyMayBeAskedForTogether() {
    save(
        """
        on_http_request:
          - {type: basic-auth, config: {credentials: ['ann:password-1'], realm: lab}}
          - type: ai-gateway
        """);
    String basic =
        "Basic "
            + Base64.getEncoder().encodeToString("ann:password-1".getBytes(StandardCharsets.UTF_8));
    String key = keygate.createKey().token();
    assertThat(chat("authorization", basic, "x-api-key", key).statusCode()).isEqualTo(200);
    assertThat(chat("authorization", basic).statusCode()).isEqualTo(401);
    HttpResponse<String> keyOnly = chat("x-api-key", key);
    assertThat(keyOnly.statusCode()).isEqualTo(401);
    assertThat(keyOnly.headers().allValues("www-authenticate"))
        .containsExactly("Basic realm=\"lab\", charset=\"UTF-8\"");
    assertThat(keygate.provider.received().toString()).doesNotContain(basic);
  }

  @Test
  void aTokenIsCheckedWithTheKeysThatItsIssuerServes() throws IOException, JOSEException {
    RSAKey key = new RSAKeyGenerator(2048).keyID("one").generate();
    HttpServer issuer =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer.createContext(
        "/keys",
        exchange -> {
          byte[] keys = new JWKSet(List.of(key)).toString(true).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, keys.length);
          exchange.getResponseBody().write(keys);
          exchange.close();
        });
    issuer.start();
    try {
      save(
          """
          on_http_request:
            - type: jwt-validation
              config:
                issuer: {allow_list: [{value: https://login.example.com/}]}
                http: {tokens: [{type: jwt, method: header, name: Authorization, prefix: 'Bearer '}]}
                jws:
                  allowed_algorithms: [RS256]
                  keys: {sources: {additional_jkus: ['http://127.0.0.1:PORT/keys']}}
          """
                  .replace("PORT", Integer.toString(issuer.getAddress().getPort()))
              + GATEWAY);
      String good = token(key, Instant.now().plusSeconds(60));
      assertThat(chat("authorization", "Bearer " + good).statusCode()).isEqualTo(200);
      String expired = token(key, Instant.now().minusSeconds(600));
      assertThat(chat("authorization", "Bearer " + expired).statusCode()).isEqualTo(401);
      assertThat(chat("authorization", "Bearer " + good + "x").statusCode()).isEqualTo(401);
      assertThat(chat().statusCode()).isEqualTo(401);
    } finally {
      issuer.stop(0);
    }
    assertThat(keygate.provider.received()).hasSize(1);
  }

  private static String token(RSAKey key, Instant expires) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
            new JWTClaimsSet.Builder()
                .issuer("https://login.example.com/")
                .expirationTime(Date.from(expires))
                .build());
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }

  private String secret(String value) {
    String body =
        "{\"vault_name\": \"gateway\", \"name\": \"token\", \"value\": \"" + value + "\"}";
    return keygate.controlJson("POST", "/vault_secrets", body).get("id").asString();
  }

  private String rule(String policy, String cidr, String action) {
    String body =
        "{\"ip_policy_id\": \"%s\", \"cidr\": \"%s\", \"action\": \"%s\"}"
            .formatted(policy, cidr, action);
    return keygate.controlJson("POST", "/ip_policy_rules", body).get("id").asString();
  }

  private HttpResponse<String> save(String policy) {
    String body = "{\"traffic_policy\": " + RunningKeygate.JSON.writeValueAsString(policy) + "}";
    return keygate.control("PATCH", "/endpoints/" + keygate.defaultEndpointId(), body);
  }

  private HttpResponse<String> chat(String... headers) {
    return keygate.gateway(
        "/v1/chat/completions", RunningKeygate.chatBody("gpt-4o", "Hello"), headers);
  }
}
