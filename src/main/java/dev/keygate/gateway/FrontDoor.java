package dev.keygate.gateway;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Refusal;
import dev.keygate.key.GatewayKey;
import dev.keygate.key.KeyCheck;
import dev.keygate.live.LiveEndpoint;
import dev.keygate.live.LiveState;
import dev.keygate.usage.LastUsed;
import org.jspecify.annotations.Nullable;

/**
 * Who may pass (SPEC.md section 4). Decides by what is in memory; anything it cannot decide is
 * refused. Shared by all event loops.
 */
final class FrontDoor {
  /** Clients are told no more than this: not whether a key exists, or what became of it. */
  private static final Refusal INVALID =
      Refusal.of(
          ErrorCode.KEY_INVALID,
          "The gateway API key is not valid. Check that it was copied whole, and that it was not"
              + " deleted, disabled or expired.");

  private static final Refusal MISSING =
      Refusal.of(
          ErrorCode.KEY_INVALID,
          "The gateway API key is missing. Send it as `Authorization: Bearer …` or `x-api-key: …`.");

  private static final Refusal PASSTHROUGH_WITH_KEY =
      Refusal.of(
          ErrorCode.KEY_INVALID,
          "This endpoint forwards your own provider credential and takes no gateway API key.");

  private static final Refusal OTHER_ENDPOINT =
      Refusal.of(
          ErrorCode.KEY_OF_OTHER_ENDPOINT, "The gateway API key does not belong to this endpoint.");

  private static final Refusal UNAVAILABLE =
      Refusal.of(
              ErrorCode.KEYS_UNAVAILABLE,
              "The gateway cannot check at the moment who may pass. Try again shortly.")
          .withRetryAfter(5);

  private static final Refusal VIEW_TOO_OLD =
      UNAVAILABLE.withLogDetail("the view of the database is too old");

  private static final KeyCheck MALFORMED = new KeyCheck.Invalid(KeyCheck.Reason.MALFORMED);

  static final Refusal NO_ENDPOINT =
      Refusal.of(ErrorCode.NO_ENDPOINT, "There is no endpoint at this host.");

  private final LiveState live;
  private final LastUsed lastUsed;
  private final KeyScope keyScope;

  FrontDoor(LiveState live, LastUsed lastUsed, KeyScope keyScope) {
    this.live = live;
    this.lastUsed = lastUsed;
    this.keyScope = keyScope;
  }

  /** The endpoint that answers, noted in the exchange; null when there is none. */
  @Nullable LiveEndpoint endpoint(Exchange exchange) {
    LiveEndpoint found = live.endpointFor(exchange.authority());
    if (found == null || found.endpoint().disabled()) {
      return null;
    }
    exchange.endpoint(found.endpoint());
    return found;
  }

  /**
   * Checks what the request carries against what the endpoint asks for, and notes the key in the
   * exchange.
   *
   * @return why the request may not pass, or null when it may
   */
  @Nullable Refusal refusal(Exchange exchange, LiveEndpoint endpoint) {
    AuthorizationField.writePlainly(exchange.headers());
    Credential credential = Credential.of(exchange.headers(), exchange.query());
    return switch (endpoint.policy().authorization()) {
      case NONE -> null;
      case PASSTHROUGH -> withoutKey(passthrough(exchange, credential));
      case API_KEY -> keyed(exchange, endpoint, credential, MISSING);
      case POLICY -> keyed(exchange, endpoint, credential, null);
    };
  }

  /** All credential headers are forwarded, so none may hold a gateway key, however written. */
  private static @Nullable Refusal passthrough(Exchange exchange, Credential credential) {
    return switch (credential) {
      case Credential.None none -> null;
      case Credential.Presented presented ->
          presented.isMeantAsKey() || Credential.holdsKey(exchange.headers())
              ? PASSTHROUGH_WITH_KEY
              : null;
      case Credential.Unacceptable unacceptable ->
          Refusal.of(ErrorCode.KEY_INVALID, unacceptable.message());
    };
  }

  /** What lets a request pass without a key are rules and secrets, which age with the view. */
  private @Nullable Refusal withoutKey(@Nullable Refusal refusal) {
    return refusal == null && live.freshness().isExpired() ? VIEW_TOO_OLD : refusal;
  }

  /**
   * @param missing what a request without a gateway key gets; null to let the rules decide
   */
  private @Nullable Refusal keyed(
      Exchange exchange, LiveEndpoint endpoint, Credential credential, @Nullable Refusal missing) {
    if (credential instanceof Credential.Presented presented
        && (missing != null || presented.isMeantAsKey())) {
      return check(exchange, endpoint, presented.text());
    }
    return credential instanceof Credential.Unacceptable unacceptable
        ? Refusal.of(ErrorCode.KEY_INVALID, unacceptable.message())
        : withoutKey(missing);
  }

  private @Nullable Refusal check(Exchange exchange, LiveEndpoint endpoint, String presented) {
    KeyCheck checked = live.keys().check(presented);
    // What is no key at all is none however old the view is; of all else nothing is known then.
    if (live.freshness().isExpired() && !checked.equals(MALFORMED)) {
      return VIEW_TOO_OLD;
    }
    if (checked instanceof KeyCheck.Valid valid) {
      AuthorizationField.show(exchange.headers(), presented);
      return admit(exchange, endpoint, valid);
    }
    return invalid(((KeyCheck.Invalid) checked).reason());
  }

  private @Nullable Refusal admit(Exchange exchange, LiveEndpoint endpoint, KeyCheck.Valid valid) {
    GatewayKey key = valid.key();
    if (!key.endpointId().equals(endpoint.endpoint().id())) {
      return OTHER_ENDPOINT.withLogDetail("key " + key.id());
    }
    exchange.key(key);
    if (valid.use().isFirstIn(lastUsed.second())) {
      lastUsed.mark(key.id());
    }
    if (!valid.retiredLookupId().isEmpty()) {
      lastUsed.mark(valid.retiredLookupId());
    }
    return keyScope.refusal(exchange, key);
  }

  private Refusal invalid(KeyCheck.Reason reason) {
    // A well-formed key that is not here may have been made while the store is away.
    if (reason == KeyCheck.Reason.UNKNOWN && live.freshness().isStoreAway()) {
      return UNAVAILABLE.withLogDetail("unknown key while the store is away");
    }
    return INVALID.withLogDetail("key " + reason);
  }
}
