package dev.keygate.policy.action;

import com.nimbusds.jose.JWSAlgorithm;
import dev.keygate.policy.document.Nearest;
import java.util.List;

/** A signature algorithm that policies may allow (RFC 7518 section 3.1, RFC 8037). */
public enum SigningAlgorithm {
  RS256("RS256"),
  RS384("RS384"),
  RS512("RS512"),
  PS256("PS256"),
  PS384("PS384"),
  PS512("PS512"),
  ES256("ES256"),
  ES384("ES384"),
  ES512("ES512"),
  EDDSA("EdDSA"),
  HS256("HS256"),
  HS384("HS384"),
  HS512("HS512");

  private final String written;

  SigningAlgorithm(String written) {
    this.written = written;
  }

  JWSAlgorithm algorithm() {
    return JWSAlgorithm.parse(written);
  }

  /** Whether signer and verifier share the key. */
  boolean isSymmetric() {
    return JWSAlgorithm.Family.HMAC_SHA.contains(algorithm());
  }

  /**
   * Reads the name as RFC 7518 writes it.
   *
   * @throws IllegalArgumentException if it is none of these, {@code none} above all
   */
  static SigningAlgorithm named(String name) {
    for (SigningAlgorithm one : values()) {
      if (one.written.equals(name)) {
        return one;
      }
    }
    if (name.equalsIgnoreCase("none")) {
      throw new IllegalArgumentException("tokens that nobody signed are never valid; leave it out");
    }
    throw new IllegalArgumentException(Nearest.hint(name, names()));
  }

  private static List<String> names() {
    return List.of(values()).stream().map(one -> one.written).toList();
  }
}
