package dev.keygate.policy.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Project Wycheproof's vectors for JSON Web Signatures and Keys, where the environment names a copy
 * of them: no registry that builds can count on has it. They sign no claims, so that what is tried
 * is whether a published key is taken, and the signature with it. Those with shared secrets are
 * left out: Keygate's are texts of policies, theirs are any bytes ({@link JwtHmacTest}).
 */
class WycheproofTest {
  private static final String VECTORS = "WYCHEPROOF";

  /** What others may take and Keygate does not: keys that say they are for another algorithm. */
  private static final Map<String, String> STRICTER =
      Map.of("Figure20", "PS256, and signs with PS384", "Figure27", "ES521, which there is not");

  @ParameterizedTest
  @ValueSource(strings = {"json_web_signature_test.json", "json_web_key_test.json"})
  void signaturesAndKeysAreTakenAsTheVectorsSay(String file) {
    String copy = System.getenv(VECTORS);
    assumeTrue(copy != null, VECTORS + " names no copy of Wycheproof: its vectors are not tried");
    JsonNode groups =
        new JsonMapper()
            .readTree(Path.of(copy, "testvectors_v1", file).toFile())
            .path("testGroups");
    List<String> wrong = new ArrayList<>();
    int tried = 0;
    for (JsonNode group : groups) {
      JsonNode key = group.path("public");
      if (key.isMissingNode()) {
        continue;
      }
      for (JsonNode test : group.path("tests")) {
        tried++;
        boolean isValid =
            test.path("result").asString().equals("valid")
                && !STRICTER.containsKey(test.path("comment").asString());
        if (isTaken(key, test.path("jws").asString()) != isValid) {
          wrong.add(test.path("tcId") + " " + test.path("comment") + " " + test.path("result"));
        }
      }
    }
    assertThat(tried).isPositive();
    assertThat(wrong).isEmpty();
  }

  private static boolean isTaken(JsonNode key, String jws) {
    try {
      SignedJWT token = SignedJWT.parse(jws);
      String set = key.has("keys") ? key.toString() : "{\"keys\":[" + key + "]}";
      return TokenCheck.isUnambiguous(token)
          && SigningKey.set(set).stream()
              .anyMatch(one -> one.isNamedBy(token.getHeader()) && one.verifies(token));
    } catch (ParseException | IllegalArgumentException refused) {
      return false;
    }
  }
}
