package dev.keygate.policy.action;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keygate.exchange.Outcome;
import dev.keygate.policy.Exchanges;
import dev.keygate.policy.OpenRelay;
import dev.keygate.policy.Policies;
import dev.keygate.policy.PolicyCompiler;
import dev.keygate.policy.Runs;
import dev.keygate.policy.TrafficPolicy;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tokens signed with a shared secret, damaged in the ways that Wycheproof's vectors for JSON web
 * signatures damage them. (The vectors themselves sign no claims, and with keys that are no text.)
 */
class JwtHmacTest {
  private static final String SECRET =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  private static final TrafficPolicy POLICY = policy("HS256, HS384, HS512");

  @Test
  void eachLengthOfHashIsVerified() throws JOSEException {
    for (JWSAlgorithm algorithm :
        List.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384, JWSAlgorithm.HS512)) {
      assertThat(passes(POLICY, token(algorithm, SECRET))).as(algorithm.getName()).isTrue();
      assertThat(passes(POLICY, token(algorithm, SECRET.replace('0', 'o')))).isFalse();
    }
    assertThat(passes(policy("HS512"), token(JWSAlgorithm.HS256, SECRET))).isFalse();
  }

  static Stream<String> damaged() throws JOSEException {
    String token = token(JWSAlgorithm.HS256, SECRET);
    String[] parts = token.split("\\.", -1);
    String header = parts[0];
    String payload = parts[1];
    String signature = parts[2];
    String none = encoded("{\"alg\":\"none\"}");
    byte[] mac = Base64.getUrlDecoder().decode(signature);
    return Stream.of(
        header + '.' + payload + '.' + changed(signature),
        header + '.' + payload + '.',
        header + '.' + payload,
        header + '.' + changed(payload) + '.' + signature,
        header + ".." + signature,
        header + '.' + signature,
        changed(header) + '.' + payload + '.' + signature,
        '.' + payload + '.' + signature,
        payload + '.' + signature,
        '.' + payload + '.',
        payload,
        "",
        token + '.',
        token + ".foo",
        none + '.' + payload + '.',
        none + '.' + payload + '.' + signature,
        encoded("{\"alg\":\"None\"}") + '.' + payload + '.',
        encoded("{\"alg\":\"hs256\"}") + '.' + payload + '.' + signature,
        encoded("{\"alg\":\"HS512\"}") + '.' + payload + '.' + signature,
        encoded("{}") + '.' + payload + '.' + signature,
        "{\"payload\":\""
            + payload
            + "\",\"signatures\":[{\"protected\":\""
            + header
            + "\",\"signature\":\""
            + signature
            + "\"}]}",
        "{\"payload\":\""
            + payload
            + "\",\"protected\":\""
            + header
            + "\",\"signature\":\""
            + signature
            + "\"}",
        // a part of the hash, or more than it
        header + '.' + payload + '.' + base64(Arrays.copyOf(mac, 16)),
        header + '.' + payload + '.' + base64(Arrays.copyOf(mac, 31)),
        header + '.' + payload + '.' + base64(Arrays.copyOf(mac, 33)),
        header + '.' + payload + '.' + base64(new byte[32]),
        // the same hash, written in another way
        token + '=',
        token + "==",
        header + '.' + payload + '.' + signature.substring(0, 20) + '*' + signature.substring(20),
        header + '.' + payload + '.' + signature.substring(0, 20) + ' ' + signature.substring(20),
        header + '.' + payload + '.' + withOtherLastBits(signature));
  }

  @ParameterizedTest
  @MethodSource("damaged")
  void aTokenThatIsNotWhatWasSignedIsRefused(String token) {
    assertThat(passes(POLICY, token)).isFalse();
  }

  /** 32 bytes leave two bits of the last character without meaning. */
  private static String withOtherLastBits(String signature) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int last = signature.length() - 1;
    char other = alphabet.charAt(alphabet.indexOf(signature.charAt(last)) + 1);
    String written = signature.substring(0, last) + other;
    assertThat(Base64.getUrlDecoder().decode(written))
        .isEqualTo(Base64.getUrlDecoder().decode(signature));
    return written;
  }

  private static String changed(String part) {
    return (part.charAt(0) == 'X' ? 'Y' : 'X') + part.substring(1);
  }

  private static String encoded(String json) {
    return base64(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static boolean passes(TrafficPolicy policy, String token) {
    return Runs.settled(
            policy.onHttpRequest(
                Exchanges.request(
                    "POST", "/v1/responses", "{}", "authorization", "Bearer " + token)))
        instanceof Outcome.Continue;
  }

  private static String token(JWSAlgorithm algorithm, String secret) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT).build(),
            new JWTClaimsSet.Builder()
                .issuer("https://login.example.com/")
                .subject("ann")
                .expirationTime(Date.from(Exchanges.NOW.plusSeconds(300)))
                .build());
    token.sign(new MACSigner(secret));
    return token.serialize();
  }

  private static TrafficPolicy policy(String algorithms) {
    String document =
        """
        on_http_request:
          - type: jwt-validation
            config:
              issuer: {allow_list: [{value: https://login.example.com/}]}
              http: {tokens: [{type: jwt, method: header, name: Authorization, prefix: 'Bearer '}]}
              jws:
                allowed_algorithms: [%s]
                keys: {sources: {secrets: ['%s']}}
        """
            .formatted(algorithms, SECRET);
    JwtValidation type =
        new JwtValidation(HttpCall.NONE, InstantSource.fixed(Exchanges.NOW), () -> 0);
    return Objects.requireNonNull(
        new PolicyCompiler(Policies.EXPRESSIONS, List.of(type))
            .compile(document, OpenRelay.REFUSE)
            .policy());
  }
}
