package dev.keygate.policy.action;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Refusal;
import dev.keygate.policy.Action;
import dev.keygate.policy.action.TokenCheck.Verdict;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs a request's tokens through a check, and once more when keys were fetched in between. An
 * outcome is pending only while an issuer is asked.
 */
final class TokenGate implements Action {
  private static final Refusal REFUSED =
      Refusal.of(ErrorCode.TOKEN_INVALID, "The token of this request is missing or not valid.");

  private static final Refusal KEYS_AWAY =
      Refusal.of(
              ErrorCode.TOKEN_KEYS_UNAVAILABLE,
              "The token cannot be checked at the moment. Try again shortly.")
          .withLogDetail("jwt-validation: the issuer's keys were never had")
          .withRetryAfter(5);

  private final TokenCheck check;
  private final List<Place> places;

  private record Place(TokenPlace at, TokenType type) {}

  /** What a pass over all tokens found. */
  private record Pass(List<Map<String, Object>> valid, String invalid, Set<KeySet> unknown) {}

  TokenGate(TokenCheck check, List<JwtValidation.Token> tokens) {
    this.check = check;
    this.places =
        tokens.stream()
            .map(token ->
                new Place(
                    new TokenPlace(token.method(), token.name(), token.prefix()), token.type()))
            .toList();
  }

  @Override
  public Outcome apply(Exchange exchange) {
    Pass first = pass(exchange);
    List<Future<Void>> asked =
        first.unknown().stream().map(KeySet::refresh).filter(Objects::nonNull).toList();
    if (!first.invalid().isEmpty() || asked.isEmpty()) {
      return ended(first, exchange);
    }
    Future<Void> fetched = KeySet.here(Future.join(asked).mapEmpty());
    return new Outcome.Pending(fetched.map(done -> ended(pass(exchange), exchange)));
  }

  private Pass pass(Exchange exchange) {
    List<Map<String, Object>> valid = new ArrayList<>();
    Set<KeySet> unknown = new LinkedHashSet<>();
    for (Place place : places) {
      String text = place.at().find(exchange);
      Verdict verdict =
          text == null
              ? new Verdict.Invalid("there is none in " + place.at().name())
              : check.check(text, place.type(), exchange);
      switch (verdict) {
        case Verdict.Valid good -> valid.add(result(place.at(), good.token(), good.claims()));
        case Verdict.Invalid bad -> {
          return new Pass(List.of(), bad.reason(), Set.of());
        }
        case Verdict.KeyUnknown keyless -> unknown.addAll(keyless.sources());
      }
    }
    return new Pass(valid, "", unknown);
  }

  private static Outcome ended(Pass pass, Exchange exchange) {
    if (pass.invalid().isEmpty() && pass.unknown().isEmpty()) {
      publish(exchange, pass.valid(), null);
      return Outcome.CONTINUE;
    }
    boolean away = pass.unknown().stream().anyMatch(source -> source.keys() == null);
    String reason = pass.invalid().isEmpty() ? "its key is not known" : pass.invalid();
    Refusal refusal = away ? KEYS_AWAY : REFUSED.withLogDetail("jwt-validation: " + reason);
    publish(exchange, List.of(), refusal);
    return new Outcome.Refuse(refusal);
  }

  private static void publish(
      Exchange exchange, List<Map<String, Object>> tokens, @Nullable Refusal refusal) {
    Messages.publish(
        exchange,
        "jwt_validation",
        Map.of(
            "tokens",
            tokens,
            "error",
            refusal == null
                ? Map.of("code", "", "message", "")
                : Map.of("code", refusal.code().code(), "message", refusal.message())));
  }

  private static Map<String, Object> result(
      TokenPlace place, SignedJWT token, JWTClaimsSet claims) {
    return Map.of(
        "header",
        token.getHeader().toJSONObject(),
        "location",
        place.method().name().toLowerCase(Locale.ROOT),
        "location_property",
        place.name(),
        "payload",
        claims.toJSONObject(),
        "signature",
        token.getSignature().toString(),
        "verified",
        true);
  }
}
