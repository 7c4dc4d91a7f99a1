package dev.keygate.policy.action;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.policy.Exchanges;
import dev.keygate.policy.OpenRelay;
import dev.keygate.policy.Policies;
import dev.keygate.policy.PolicyCompiler;
import dev.keygate.policy.Runs;
import dev.keygate.policy.TrafficPolicy;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class JwtValidationTest {
  private static final String JWKS = "https://login.example.com/keys";
  private static final RSAKey RSA = generated("one");
  private static final RSAKey OTHER = generated("two");
  private static final ECKey EC = generatedEc();

  private final List<Promise<HttpCall.Answer>> asked = new ArrayList<>();
  private final JwtValidation type =
      new JwtValidation(this::send, InstantSource.fixed(Exchanges.NOW), this::nanoTime);
  private final TrafficPolicy policy = compiled(policy("access_token", "RS256, ES256"));
  private long seconds;

  @Test
  void aSignedTokenLetsThroughAndItsClaimsAreRead() throws JOSEException {
    Exchange exchange = request(token(claims -> {}));
    assertThat(runWith(exchange, RSA)).isInstanceOf(Outcome.Continue.class);
    Map<?, ?> result = Runs.result(exchange, "jwt_validation");
    Map<?, ?> token =
        (Map<?, ?>) ((List<?>) Objects.requireNonNull(result.get("tokens"))).getFirst();
    assertThat(token.get("verified")).isEqualTo(true);
    assertThat(token.get("location")).isEqualTo("header");
    assertThat(token.get("location_property")).isEqualTo("Authorization");
    assertThat(((Map<?, ?>) Objects.requireNonNull(token.get("payload"))).get("sub"))
        .isEqualTo("ann");
    assertThat(((Map<?, ?>) Objects.requireNonNull(token.get("header"))).get("alg"))
        .isEqualTo("RS256");
  }

  @Test
  void ellipticCurvesWorkToo() throws JOSEException {
    String token =
        signed(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("ec").build(),
            good(),
            new ECDSASigner(EC));
    assertThat(runWith(request(token), RSA, EC)).isInstanceOf(Outcome.Continue.class);
  }

  @Test
  void claimsThatAreNotAsAskedRefuse() throws JOSEException {
    Instant now = Exchanges.NOW;
    assertThat(passes(claims -> claims.issuer("https://evil.example.com"))).isFalse();
    assertThat(passes(claims -> claims.issuer("https://login.example.com"))).isFalse();
    assertThat(passes(claims -> claims.issuer(null))).isFalse();
    assertThat(passes(claims -> claims.audience("other"))).isFalse();
    assertThat(passes(claims -> claims.audience((String) null))).isFalse();
    assertThat(passes(claims -> claims.audience(List.of("other", "api")))).isTrue();
    assertThat(passes(claims -> claims.expirationTime(null))).isFalse();
    assertThat(passes(claims -> claims.expirationTime(Date.from(now.minusSeconds(60))))).isFalse();
    assertThat(passes(claims -> claims.expirationTime(Date.from(now.minusSeconds(59))))).isTrue();
    assertThat(passes(claims -> claims.notBeforeTime(Date.from(now.plusSeconds(61))))).isFalse();
    assertThat(passes(claims -> claims.notBeforeTime(Date.from(now.plusSeconds(60))))).isTrue();
    assertThat(passes(claims -> claims.claim("exp", "tomorrow"))).isFalse();
  }

  @Test
  void aTokenThatNobodySignedIsRefused() throws JOSEException {
    String payload = token(claims -> {}).split("\\.", -1)[1];
    for (String alg : List.of("none", "None", "NONE", "")) {
      assertThat(passes(encoded("{\"alg\":\"" + alg + "\"}") + "." + payload + ".")).isFalse();
    }
    assertThat(passes(token(claims -> {}).replaceAll("\\.[^.]*$", "."))).isFalse();
    assertThat(passes(token(claims -> {}).replaceAll("\\.[^.]*$", ""))).isFalse();
  }

  /** RFC 8725 section 2.1: the public key taken for the secret of an HMAC. */
  @Test
  void thePublicKeyIsNoSecret() throws JOSEException {
    byte[] publicKey = RSA.toRSAPublicKey().getEncoded();
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build();
    String forged = signed(header, good(), new MACSigner(publicKey));
    assertThat(passes(forged)).isFalse();
    TrafficPolicy both =
        compiled(
            policy("jwt", "RS256, HS256")
                .replace("]}}", "], secrets: ['0123456789abcdef0123456789abcdef']}}"));
    assertThat(answered(both, request(forged), jwks(RSA))).isInstanceOf(Outcome.Refuse.class);
  }

  @Test
  void anAlgorithmThatThePolicyDoesNotNameIsRefused() throws JOSEException {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS512).keyID("one").build();
    assertThat(passes(signed(header, good(), new RSASSASigner(RSA)))).isFalse();
  }

  @Test
  void keysThatATokenBringsDoNotCount() throws JOSEException {
    JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.RS256);
    RSASSASigner forger = new RSASSASigner(OTHER);
    assertThat(passes(signed(header.jwk(OTHER.toPublicJWK()).build(), good(), forger))).isFalse();
    assertThat(
            passes(
                signed(
                    header.jwkURL(URI.create("https://evil.example.com/")).build(),
                    good(),
                    forger)))
        .isFalse();
    assertThat(
            passes(
                signed(
                    header.x509CertURL(URI.create("https://evil.example.com/")).build(),
                    good(),
                    forger)))
        .isFalse();
    assertThat(passes(signed(header.keyID("one").build(), good(), forger))).isFalse();
    assertThat(passes(signed(header.keyID("../../dev/null").build(), good(), forger))).isFalse();
    assertThat(passes(signed(header.keyID("one' or '1'='1").build(), good(), forger))).isFalse();
  }

  @Test
  void whatATokenCallsCriticalRefusesIt() throws JOSEException {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .keyID("one")
            .criticalParams(Set.of("x"))
            .customParam("x", 1)
            .build();
    assertThat(passes(signed(header, good(), new RSASSASigner(RSA)))).isFalse();
  }

  @Test
  void damagedAndEndlessTokensAreRefused() throws JOSEException {
    String good = token(claims -> {});
    String[] parts = good.split("\\.", -1);
    assertThat(passes(parts[0] + "." + encoded("{\"iss\":\"x\"}") + "." + parts[2])).isFalse();
    assertThat(passes(good + "x")).isFalse();
    assertThat(passes(good + ".x.y")).isFalse();
    assertThat(passes(good.replace(".", ". "))).isFalse();
    assertThat(passes("a".repeat(20_000) + ".b.c")).isFalse();
    assertThat(passes(encoded("[".repeat(10_000)) + "." + parts[1] + "." + parts[2])).isFalse();
    assertThat(passes("")).isFalse();
    assertThat(passes(claims -> claims.claim("padding", "x".repeat(20_000)))).isFalse();
  }

  @Test
  void anAccessTokenOfItsOwnTypeMustSaySo() throws JOSEException {
    TrafficPolicy strict = compiled(policy("at+jwt", "RS256"));
    JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one");
    String plain = signed(header.build(), good(), new RSASSASigner(RSA));
    String typed =
        signed(header.type(new JOSEObjectType("at+jwt")).build(), good(), new RSASSASigner(RSA));
    assertThat(answered(strict, request(plain), jwks(RSA))).isInstanceOf(Outcome.Refuse.class);
    assertThat(answered(strict, request(typed), jwks(RSA))).isInstanceOf(Outcome.Continue.class);
  }

  @Test
  void aTokenThatIsThereTwiceOrNotAtAllIsRefused() throws JOSEException {
    String good = "Bearer " + token(claims -> {});
    Exchange twice =
        Exchanges.request("GET", "/", "", "authorization", good, "Authorization", good);
    assertThat(runWith(twice, RSA)).isInstanceOf(Outcome.Refuse.class);
    assertThat(runWith(Exchanges.get("/"), RSA)).isInstanceOf(Outcome.Refuse.class);
    assertThat(runWith(Exchanges.request("GET", "/", "", "authorization", good.substring(7)), RSA))
        .isInstanceOf(Outcome.Refuse.class);
  }

  private TrafficPolicy bodyPolicy() {
    return compiled(
        policy("id_token", "RS256")
            .replace(
                "method: header, name: Authorization, prefix: 'Bearer '",
                "method: body, name: id_token"));
  }

  @Test
  void aBodyOfMorePartsThanAreReadCarriesNoToken() throws JOSEException {
    TrafficPolicy body = bodyPolicy();
    String good = token(claims -> {});
    String json = "application/json";
    String parts = "{\"a\":[%s{}],\"id_token\":\"" + good + "\"}";
    assertThat(inBody(body, "POST", json, parts.formatted("{},".repeat(99_990)))).isTrue();
    assertThat(inBody(body, "POST", json, parts.formatted("{},".repeat(100_000)))).isFalse();
    String form = "application/x-www-form-urlencoded";
    assertThat(inBody(body, "POST", form, "a&".repeat(999) + "id_token=" + good)).isTrue();
    assertThat(inBody(body, "POST", form, "a&".repeat(1000) + "id_token=" + good)).isFalse();
  }

  @Test
  void aBodyMayCarryTheToken() throws JOSEException {
    TrafficPolicy body = bodyPolicy();
    String good = token(claims -> {});
    String json = "application/json; charset=utf-8";
    String form = "application/x-www-form-urlencoded";
    assertThat(inBody(body, "POST", json, "{\"ID_token\": \"" + good + "\"}")).isTrue();
    assertThat(inBody(body, "PUT", form, "a=b&id%5Ftoken=" + good)).isTrue();
    assertThat(inBody(body, "GET", json, "{\"id_token\": \"" + good + "\"}")).isFalse();
    assertThat(inBody(body, "POST", "text/plain", "{\"id_token\": \"" + good + "\"}")).isFalse();
    assertThat(inBody(body, "POST", form, "id_token=" + good + "&id_token=" + good)).isFalse();
    assertThat(inBody(body, "POST", json, "{\"id_token\": \"" + good + "\", \"Id_Token\": 1}"))
        .isFalse();
    assertThat(inBody(body, "POST", json, "{\"id_token\": 1")).isFalse();
    assertThat(inBody(body, "POST", json, "[\"id_token\", \"" + good + "\"]")).isFalse();
    assertThat(inBody(body, "POST", json, "{\"a\": {\"id_token\": \"" + good + "\"}}")).isFalse();
    assertThat(inBody(body, "POST", json, "{\"a\":[],\"id_token\":\"" + good + "\"}")).isTrue();
    assertThat(inBody(body, "POST", json, "{\"id_token\":\"" + good + "\"} {}")).isFalse();
  }

  @Test
  void oneFetchServesAllWhoWait() throws JOSEException {
    Outcome first = policy.onHttpRequest(request(token(claims -> {})));
    Outcome second = policy.onHttpRequest(request(token(claims -> {})));
    assertThat(asked).hasSize(1);
    answer(jwks(RSA));
    assertThat(Runs.settled(first)).isInstanceOf(Outcome.Continue.class);
    assertThat(Runs.settled(second)).isInstanceOf(Outcome.Continue.class);
    assertThat(policy.onHttpRequest(request(token(claims -> {}))))
        .isInstanceOf(Outcome.Continue.class);
    assertThat(asked).hasSize(1);
  }

  @Test
  void anUnknownKeyIsAskedForAtMostEveryHalfMinute() throws JOSEException {
    assertThat(runWith(request(token(claims -> {})), RSA)).isInstanceOf(Outcome.Continue.class);
    String rotated =
        signed(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("two").build(),
            good(),
            new RSASSASigner(OTHER));
    seconds = 29;
    assertThat(policy.onHttpRequest(request(rotated))).isInstanceOf(Outcome.Refuse.class);
    assertThat(asked).hasSize(1);
    seconds = 30;
    assertThat(runWith(request(rotated), RSA, OTHER)).isInstanceOf(Outcome.Continue.class);
    assertThat(asked).hasSize(2);
    String unknown =
        signed(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("three").build(),
            good(),
            new RSASSASigner(OTHER));
    for (int i = 0; i < 1000; i++) {
      assertThat(policy.onHttpRequest(request(unknown))).isInstanceOf(Outcome.Refuse.class);
    }
    assertThat(asked).hasSize(2);
  }

  @Test
  void oldKeysAreFetchedBehindTheRequestsAndCountOnWhileTheIssuerIsAway() throws JOSEException {
    assertThat(runWith(request(token(claims -> {})), RSA)).isInstanceOf(Outcome.Continue.class);
    seconds = Duration.ofMinutes(15).toSeconds() + 1;
    assertThat(policy.onHttpRequest(request(token(claims -> {}))))
        .isInstanceOf(Outcome.Continue.class);
    assertThat(asked).hasSize(2);
    asked.getLast().fail("connection refused");
    seconds += Duration.ofDays(1).toSeconds();
    assertThat(policy.onHttpRequest(request(token(claims -> {}))))
        .isInstanceOf(Outcome.Continue.class);
    answer("{\"keys\": []}");
    assertThat(policy.onHttpRequest(request(token(claims -> {}))))
        .isInstanceOf(Outcome.Refuse.class);
  }

  @Test
  void withoutAnyKeysTheRequestIsToldToComeBack() throws JOSEException {
    for (String bad : List.of("", "[]", "{}", "{\"keys\": 1}", "no")) {
      seconds += 10;
      Outcome outcome = answered(policy, request(token(claims -> {})), bad);
      assertThat(((Outcome.Refuse) outcome).refusal().code())
          .isEqualTo(ErrorCode.TOKEN_KEYS_UNAVAILABLE);
    }
    seconds += 10;
    String mixed =
        jwks(RSA).replace("{\"keys\":[", "{\"keys\":[{\"kty\":\"RSA\"},{\"kty\":\"new\"},");
    assertThat(answered(policy, request(token(claims -> {})), mixed))
        .isInstanceOf(Outcome.Continue.class);
  }

  @Test
  void aKeyForEncryptionDoesNotSign() throws JOSEException {
    String encryption = jwks(RSA).replace("{\"kty\"", "{\"use\":\"enc\",\"kty\"");
    assertThat(answered(policy, request(token(claims -> {})), encryption))
        .isInstanceOf(Outcome.Refuse.class);
  }

  private boolean inBody(TrafficPolicy rules, String method, String type, String body) {
    Exchange exchange = Exchanges.request(method, "/", body, "content-type", type);
    return answered(rules, exchange, jwks(RSA)) instanceof Outcome.Continue;
  }

  private boolean passes(Consumer<JWTClaimsSet.Builder> change) throws JOSEException {
    return passes(token(change));
  }

  private boolean passes(String token) {
    return answered(policy, request(token), jwks(RSA)) instanceof Outcome.Continue;
  }

  private Outcome runWith(Exchange exchange, JWK... keys) {
    return answered(policy, exchange, jwks(keys));
  }

  /** Runs the rules; when they ask for keys, that is the answer. */
  private Outcome answered(TrafficPolicy rules, Exchange exchange, String answer) {
    int before = asked.size();
    Outcome outcome = rules.onHttpRequest(exchange);
    if (asked.size() > before) {
      answer(answer);
    }
    return Runs.settled(outcome);
  }

  private void answer(String body) {
    asked
        .getLast()
        .complete(
            new HttpCall.Answer(
                200, MultiMap.caseInsensitiveMultiMap(), Buffer.buffer(body), "192.0.2.1"));
  }

  private Future<HttpCall.Answer> send(HttpCall.Request request, int maxBytes) {
    assertThat(request.url()).isEqualTo(JWKS);
    assertThat(request.maxRedirects()).isZero();
    asked.add(Promise.promise());
    return asked.getLast().future();
  }

  private long nanoTime() {
    return Duration.ofSeconds(seconds).toNanos();
  }

  private TrafficPolicy compiled(String document) {
    return Objects.requireNonNull(
        new PolicyCompiler(Policies.EXPRESSIONS, List.of(type))
            .compile(document, OpenRelay.REFUSE)
            .policy());
  }

  private static String policy(String type, String algorithms) {
    return """
    on_http_request:
      - type: jwt-validation
        config:
          issuer: {allow_list: [{value: https://login.example.com/}]}
          audience: {allow_list: [{value: api}, {value: web}]}
          http: {tokens: [{type: %s, method: header, name: Authorization, prefix: 'Bearer '}]}
          jws:
            allowed_algorithms: [%s]
            keys: {sources: {additional_jkus: ['%s']}}
    """
        .formatted(type, algorithms, JWKS);
  }

  private static Exchange request(String token) {
    return Exchanges.request("POST", "/v1/responses", "{}", "authorization", "bearer " + token);
  }

  private static String token(Consumer<JWTClaimsSet.Builder> change) throws JOSEException {
    JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder(good());
    change.accept(claims);
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build();
    return signed(header, claims.build(), new RSASSASigner(RSA));
  }

  private static JWTClaimsSet good() {
    return new JWTClaimsSet.Builder()
        .issuer("https://login.example.com/")
        .audience("api")
        .subject("ann")
        .expirationTime(Date.from(Exchanges.NOW.plusSeconds(300)))
        .build();
  }

  private static String signed(JWSHeader header, JWTClaimsSet claims, JWSSigner signer)
      throws JOSEException {
    SignedJWT token = new SignedJWT(header, claims);
    token.sign(signer);
    return token.serialize();
  }

  private static String encoded(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String jwks(JWK... keys) {
    return new JWKSet(List.of(keys)).toString(true);
  }

  private static RSAKey generated(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static ECKey generatedEc() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }
}
