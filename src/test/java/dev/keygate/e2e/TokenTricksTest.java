package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signed tokens in headers and bodies, beside others, twice, and in other spellings. */
class TokenTricksTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String POLICY =
      """
      on_http_request:
        - type: jwt-validation
          config:
            issuer: {allow_list: [{value: https://login.example.com/}]}
            http: {tokens: [{type: jwt, method: METHOD, name: NAME, prefix: 'PREFIX'}]}
            jws:
              allowed_algorithms: [HS256]
              keys: {sources: {secrets: ["${secrets.get('login', 'shared')}"]}}
        - type: custom-response
          config: {status_code: 200, body: passed}
      """;

  private static RunningKeygate keygate;
  private static Wire wire;
  private static String good = "";
  private static String bad = "";

  @BeforeAll
  static void start(@TempDir Path dataDir) throws IOException, JOSEException {
    keygate = RunningKeygate.start(dataDir);
    keygate.secrets("login", Map.of("shared", SECRET));
    wire = new Wire(keygate.server.gatewayPort());
    good = token(SECRET);
    bad = token(SECRET.replace('0', 'o'));
  }

  @AfterAll
  static void stop() {
    keygate.close();
  }

  private static String token(String secret) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.HS256),
            new JWTClaimsSet.Builder()
                .issuer("https://login.example.com/")
                .expirationTime(Date.from(InstantSource.system().instant().plusSeconds(600)))
                .build());
    token.sign(new MACSigner(secret));
    return token.serialize();
  }

  private static void save(String method, String name, String prefix) {
    String policy =
        POLICY.replace("METHOD", method).replace("NAME", name).replace("PREFIX", prefix);
    keygate.controlJson(
        "PATCH",
        "/endpoints/" + keygate.defaultEndpointId(),
        "{\"traffic_policy\":" + RunningKeygate.JSON.writeValueAsString(policy) + "}");
  }

  @Test
  void aHeaderCarriesOneTokenOrNone() {
    save("header", "Authorization", "Bearer ");
    for (String line :
        List.of(
            "Authorization: Bearer " + good,
            "AUTHORIZATION: bearer " + good,
            "authorization:\tBEARER   " + good + "  ")) {
      assertThat(wire.chat("{}", line).status()).as(line).isEqualTo(200);
    }
    String one = "Authorization: Bearer " + good;
    for (String lines :
        List.of(
            one + "\r\n" + one,
            one + "\r\nauthorization: Bearer " + bad,
            "authorization: Bearer " + bad + "\r\n" + one,
            one + ", Bearer " + bad,
            "Authorization: " + good,
            "Authorization: Basic " + good,
            "Authorization: Bearer" + good,
            "Authorization: Bearer " + good + "=",
            "Authorization: Bearer " + good + " x",
            "Authorization: Bearer " + bad,
            "X-Authorization: Bearer " + good,
            "Proxy-Authorization: Bearer " + good,
            "Cookie: Authorization=Bearer " + good,
            "Authorization: Bearer ")) {
      assertThat(wire.chat("{}", lines).status()).as(lines).isEqualTo(401);
    }
    assertThat(wire.chunked(List.of("{}"), one + "\r\n").status()).isIn(400, 401);
  }

  @Test
  void aBodyCarriesOneTokenOrNone() {
    save("body", "access_token", "");
    String one = "\"access_token\":\"" + good + "\"";
    String other = "\"access_token\":\"" + bad + "\"";
    assertThat(wire.chat("{" + one + "}").status()).isEqualTo(200);
    List<String> octets = ("{" + one + "}").chars().mapToObj(Character::toString).toList();
    assertThat(wire.chunked(octets, "").status()).isEqualTo(200);
    for (String body :
        List.of(
            "{" + one + "," + one + "}",
            "{" + one + "," + other + "}",
            "{" + other + "," + one + "}",
            "{" + one + ",\"Access_Token\":\"" + bad + "\"}",
            "{" + one + ",\"access\\u005ftoken\":\"" + bad + "\"}",
            "{\"a\":{" + one + "}}",
            "[{" + one + "}]",
            "{" + one + "}{" + other + "}",
            "{\"access_token\":[\"" + good + "\"]}",
            "{\"access_token\":null}",
            "access_token=" + good,
            "{" + one,
            "")) {
      assertThat(wire.chat(body).status()).as(body).isEqualTo(401);
    }
    assertThat(wire.chat("{}", "Authorization: Bearer " + good).status()).isEqualTo(401);
  }

  @Test
  void aFormCarriesOneTokenOrNone() {
    save("body", "access_token", "");
    assertThat(form("access_token=" + good)).isEqualTo(200);
    for (String body :
        List.of(
            "access_token=" + good + "&access_token=" + good,
            "access_token=" + bad + "&access_token=" + good,
            "access_token=" + good + "&access%5Ftoken=" + bad,
            "access_token=" + good + "&ACCESS_TOKEN=" + bad,
            "access_token=" + bad,
            "access_token[]=" + good,
            "access_token=%zz",
            "{\"access_token\":\"" + good + "\"}")) {
      assertThat(form(body)).as(body).isEqualTo(401);
    }
  }

  private static int form(String body) {
    return wire.send(
            "POST /v1/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body)
        .status();
  }
}
