package dev.keygate.policy.action;

import com.nimbusds.jose.JWSAlgorithm;
import dev.keygate.policy.document.Nearest;
import java.util.List;

/**
 * A signature algorithm that policies may allow (RFC 7518 section 3.1, RFC 8037).
 *
 * @param name to the letter as those write it
 */
public record SigningAlgorithm(String name) {
  private static final List<String> NAMES =
      List.of(
          "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
          "HS256", "HS384", "HS512");

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException if it is none of these, {@code none} above all
   */
  public static SigningAlgorithm parse(String name) {
    if (name.equalsIgnoreCase("none")) {
      throw new IllegalArgumentException("a token that nobody signed is never valid; leave it out");
    }
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(Nearest.hint(name, NAMES));
    }
    return new SigningAlgorithm(name);
  }

  JWSAlgorithm algorithm() {
    return JWSAlgorithm.parse(name);
  }

  /** Whether signer and verifier share the key. */
  boolean isSymmetric() {
    return JWSAlgorithm.Family.HMAC_SHA.contains(algorithm());
  }
}
