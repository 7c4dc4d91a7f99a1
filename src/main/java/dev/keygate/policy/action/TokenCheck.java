package dev.keygate.policy.action;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keygate.exchange.Exchange;
import dev.keygate.policy.expression.EvaluationException;
import dev.keygate.policy.expression.Template;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What makes a token valid (RFC 7519 section 7.2, RFC 8725). The algorithm must be among those the
 * policy allows and fit the key; keys come from the policy's own sources alone, whatever {@code
 * jku}, {@code jwk}, {@code x5u} or {@code x5c} a token brings; what a token calls critical is not
 * understood here and refuses it.
 */
final class TokenCheck {
  static final Duration CLOCK_SKEW = Duration.ofSeconds(60);
  static final int MAX_CHARACTERS = 16 * 1024;

  private final Set<JWSAlgorithm> algorithms;
  private final List<KeySet> keySets;
  private final List<Template> secrets;
  private final List<Template> issuers;
  private final Set<String> audiences;
  private final InstantSource clock;

  /** How the check of one token ended. */
  sealed interface Verdict {

    /** Everything about it is right. */
    record Valid(SignedJWT token, JWTClaimsSet claims) implements Verdict {}

    /**
     * Something is not.
     *
     * @param reason without anything that the token says
     */
    record Invalid(String reason) implements Verdict {}

    /** No key that is known fits; these may know more now. */
    record KeyUnknown(List<KeySet> sources) implements Verdict {}
  }

  /** What is asked of tokens. */
  record Rules(
      Set<JWSAlgorithm> algorithms,
      List<KeySet> keySets,
      List<Template> secrets,
      List<Template> issuers,
      Set<String> audiences) {}

  TokenCheck(Rules rules, InstantSource clock) {
    this.algorithms = Set.copyOf(rules.algorithms());
    this.keySets = List.copyOf(rules.keySets());
    this.secrets = List.copyOf(rules.secrets());
    this.issuers = List.copyOf(rules.issuers());
    this.audiences = Set.copyOf(rules.audiences());
    this.clock = clock;
  }

  /** Checks a token with the keys that are known now. */
  Verdict check(String text, TokenType type, Exchange exchange) {
    if (text.length() > MAX_CHARACTERS) {
      return new Verdict.Invalid("the token is too long");
    }
    try {
      SignedJWT token = SignedJWT.parse(text);
      JWSHeader header = token.getHeader();
      if (!algorithms.contains(header.getAlgorithm())) {
        return new Verdict.Invalid("its algorithm is not allowed");
      }
      if (!isUnambiguous(token)) {
        return new Verdict.Invalid("it could be read in other ways");
      }
      if (!type.accepts(header.getType())) {
        return new Verdict.Invalid("it is of another type");
      }
      Verdict wrong = signature(token, exchange);
      return wrong == null ? claims(token, exchange) : wrong;
    } catch (ParseException | IllegalArgumentException malformed) {
      return new Verdict.Invalid("it is no signed token");
    }
  }

  /**
   * Whether it says nothing critical that is not understood here (RFC 7515 section 4.1.11, RFC
   * 7797), and its signature is written as it must be: the parser skips what is no base64url, and
   * all else in a token is signed as it is written.
   */
  static boolean isUnambiguous(SignedJWT token) {
    JWSHeader header = token.getHeader();
    Base64URL signature = token.getSignature();
    return header.getCriticalParams() == null
        && !header.getIncludedParams().contains("b64")
        && Base64URL.encode(signature.decode()).equals(signature);
  }

  /** What is wrong with a token's signature, or null when nothing is. */
  private @Nullable Verdict signature(SignedJWT token, Exchange exchange) {
    if (JWSAlgorithm.Family.HMAC_SHA.contains(token.getHeader().getAlgorithm())) {
      return signedWithSecret(token, exchange) ? null : wrongSignature();
    }
    boolean named = false;
    for (KeySet source : keySets) {
      source.freshen();
      List<SigningKey> keys = source.keys();
      for (SigningKey key : keys == null ? List.<SigningKey>of() : keys) {
        if (key.isNamedBy(token.getHeader())) {
          named = true;
          if (key.verifies(token)) {
            return null;
          }
        }
      }
    }
    // A key that was named and did not sign is no reason to ask the issuer; a set that was never
    // fetched is.
    boolean settled = named && token.getHeader().getKeyID() != null && allKnown();
    return settled ? wrongSignature() : new Verdict.KeyUnknown(keySets);
  }

  private boolean allKnown() {
    return keySets.stream().allMatch(source -> source.keys() != null);
  }

  private static Verdict wrongSignature() {
    return new Verdict.Invalid("its signature is wrong");
  }

  private boolean signedWithSecret(SignedJWT token, Exchange exchange) {
    for (Template secret : secrets) {
      byte[] key = secret.render(exchange).getBytes(StandardCharsets.UTF_8);
      try {
        if (token.verify(new MACVerifier(key))) {
          return true;
        }
      } catch (JOSEException tooShort) {
        throw new EvaluationException(
            "jwt-validation: a secret that is too short for its algorithm");
      }
    }
    return false;
  }

  private Verdict claims(SignedJWT token, Exchange exchange) throws ParseException {
    JWTClaimsSet claims = token.getJWTClaimsSet();
    Instant now = clock.instant();
    Date expires = claims.getExpirationTime();
    Date notBefore = claims.getNotBeforeTime();
    if (expires == null) {
      return new Verdict.Invalid("it never expires");
    }
    if (!now.isBefore(expires.toInstant().plus(CLOCK_SKEW))) {
      return new Verdict.Invalid("it has expired");
    }
    if (notBefore != null && now.isBefore(notBefore.toInstant().minus(CLOCK_SKEW))) {
      return new Verdict.Invalid("it is not valid yet");
    }
    String issuer = claims.getIssuer();
    if (issuer == null || !isAllowedIssuer(issuer, exchange)) {
      return new Verdict.Invalid("its issuer is not allowed");
    }
    if (!audiences.isEmpty() && claims.getAudience().stream().noneMatch(audiences::contains)) {
      return new Verdict.Invalid("it is for another audience");
    }
    return new Verdict.Valid(token, claims);
  }

  private boolean isAllowedIssuer(String issuer, Exchange exchange) {
    List<String> allowed = new ArrayList<>();
    issuers.forEach(template -> allowed.add(template.render(exchange)));
    return allowed.contains(issuer);
  }
}
