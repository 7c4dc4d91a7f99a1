package dev.keygate.policy.action;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import java.math.BigInteger;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A public key that tokens may be signed with. What it verifies is decided by the key alone: a
 * public key is never taken for the secret of an HMAC (RFC 8725 section 3.1).
 *
 * @param id {@code kid}, or null when it has none
 */
record SigningKey(@Nullable String id, Set<JWSAlgorithm> algorithms, JWSVerifier verifier) {
  private static final int MAX_KEYS = 100;
  private static final int MAX_CHARACTERS = 512 * 1024;
  private static final int MIN_RSA_BITS = 2048;
  private static final BigInteger MIN_RSA_EXPONENT = BigInteger.valueOf(3);

  /**
   * Reads a key set (RFC 7517 section 5). Keys that are for something else, too weak, secret or not
   * understood are left out.
   *
   * @throws ParseException if it is no key set
   */
  static List<SigningKey> set(String json) throws ParseException {
    Map<String, Object>[] written =
        JSONObjectUtils.getJSONObjectArray(JSONObjectUtils.parse(json, MAX_CHARACTERS), "keys");
    if (written == null) {
      throw new ParseException("no keys", 0);
    }
    List<SigningKey> keys = new ArrayList<>();
    for (Map<String, Object> one : written) {
      SigningKey key = keys.size() < MAX_KEYS ? key(one) : null;
      if (key != null) {
        keys.add(key);
      }
    }
    return List.copyOf(keys);
  }

  private static @Nullable SigningKey key(Map<String, Object> written) {
    try {
      JWK key = JWK.parse(written);
      JWSVerifier verifier = isForSignatures(key) ? verifier(key) : null;
      if (verifier == null) {
        return null;
      }
      Set<JWSAlgorithm> all = verifier.supportedJWSAlgorithms();
      return new SigningKey(
          key.getKeyID(),
          key.getAlgorithm() == null
              ? Set.copyOf(all)
              : all.contains(JWSAlgorithm.parse(key.getAlgorithm().getName()))
                  ? Set.of(JWSAlgorithm.parse(key.getAlgorithm().getName()))
                  : Set.of(),
          verifier);
    } catch (ParseException | JOSEException | IllegalArgumentException unusable) {
      return null;
    }
  }

  private static boolean isForSignatures(JWK key) {
    return (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
        && (key.getKeyOperations() == null || key.getKeyOperations().contains(KeyOperation.VERIFY));
  }

  private static @Nullable JWSVerifier verifier(JWK key) throws JOSEException {
    return switch (key) {
      case RSAKey rsa -> isWeak(rsa) ? null : new RSASSAVerifier(rsa.toPublicJWK());
      case ECKey ec ->
          ec.getCurve().equals(Curve.SECP256K1) ? null : new ECDSAVerifier(ec.toPublicJWK());
      case OctetKeyPair pair ->
          pair.getCurve().equals(Curve.Ed25519) ? new Ed25519Verifier(pair.toPublicJWK()) : null;
      default -> null;
    };
  }

  private static boolean isWeak(RSAKey key) {
    return key.size() < MIN_RSA_BITS
        || RocaModulus.is(key.getModulus().decodeToBigInteger())
        || key.getPublicExponent().decodeToBigInteger().compareTo(MIN_RSA_EXPONENT) < 0;
  }

  /** Whether a token says that it was signed with this key. */
  boolean isNamedBy(JWSHeader header) {
    return algorithms.contains(header.getAlgorithm())
        && (header.getKeyID() == null || header.getKeyID().equals(id));
  }

  /** Whether it really was. */
  boolean verifies(SignedJWT token) {
    try {
      return token.verify(verifier);
    } catch (JOSEException | IllegalStateException unusable) {
      return false;
    }
  }
}
