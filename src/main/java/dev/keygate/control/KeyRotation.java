package dev.keygate.control;

import dev.keygate.identifier.Identifiers;
import dev.keygate.key.KeyToken;
import dev.keygate.store.GatewayKeyRow;
import dev.keygate.store.RetiredTokenRow;
import dev.keygate.store.RetiredTokenTable;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives a gateway key another token. The one it had stays good for a while, so that clients can
 * change over; the one before that is refused at once: a key never has more than two. That of a
 * disabled key is refused for good.
 */
final class KeyRotation {
  private static final String DEFAULT_GRACE = "24h";
  private static final Duration LONGEST = Duration.ofDays(30);
  private static final Pattern SPAN = Pattern.compile("([0-9]{1,7})(s|m|h|d)");

  private final Identifiers identifiers;
  private final GatewayKeys keys;
  private final SecureRandom random = new SecureRandom();

  KeyRotation(Identifiers identifiers, GatewayKeys keys) {
    this.identifiers = identifiers;
    this.keys = keys;
  }

  /** {@code POST /ai_gateway_api_keys/{id}/rotate}. */
  Action.Done rotate(Change change) {
    Duration grace = grace(change.call().text("grace", DEFAULT_GRACE));
    GatewayKeyRow before = keys.required(change);
    String shownBefore = change.shown(keys, before);
    KeyToken token = KeyToken.generate(random);
    // A disabled key's token may have leaked: it must not come back when the key is enabled.
    Instant end = before.disabled() ? change.now() : change.now().plus(grace);
    // Retired before the key loses it: nodes apply changes in the order in which they were made.
    retire(before, end, change);
    GatewayKeyRow after = withToken(before, token, change);
    change.tables().gatewayKeys().update(after);
    change.done("rotate", keys, after, shownBefore);
    return new Action.Done(keys.show(after, change.tables()), Optional.of(token.reveal()));
  }

  /** {@code POST /ai_gateway_api_keys/{id}/end_grace}: only the key's own token is good then. */
  Action.Done endGrace(Change change) {
    GatewayKeyRow row = keys.required(change);
    String shownBefore = change.shown(keys, row);
    endGraceOf(row.id(), change);
    change.done("end_grace", keys, row, shownBefore);
    return new Action.Done(keys.show(row, change.tables()), Optional.empty());
  }

  /** Keeps the token of a key that is about to lose it, and ends the ones it had before. */
  void retire(GatewayKeyRow key, Instant end, Change change) {
    endGraceOf(key.id(), change);
    change
        .tables()
        .retiredTokens()
        .insert(
            new RetiredTokenRow(
                identifiers.next("rt"),
                key.id(),
                key.lookupId(),
                key.tokenHash(),
                key.displayName(),
                change.now(),
                end,
                key.lastUsed(),
                0,
                null));
  }

  private static void endGraceOf(String keyId, Change change) {
    RetiredTokenTable tokens = change.tables().retiredTokens();
    for (RetiredTokenRow token : tokens.of(keyId)) {
      if (token.expiresAt().isAfter(change.now())) {
        tokens.update(token.endingAt(change.now()));
      }
    }
  }

  private static GatewayKeyRow withToken(GatewayKeyRow row, KeyToken token, Change change) {
    return new GatewayKeyRow(
        row.id(),
        row.createdAt(),
        change.now(),
        row.createdBy(),
        change.actor(),
        row.endpointId(),
        token.lookupId(),
        token.hash().toBytes(),
        token.displayName(),
        row.description(),
        row.metadata(),
        row.disabled(),
        row.expiresAt(),
        row.limits(),
        row.lastUsed());
  }

  private static Duration grace(String text) {
    Matcher parts = SPAN.matcher(text);
    if (parts.matches()) {
      long count = Long.parseLong(parts.group(1));
      Duration grace =
          switch (parts.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
          };
      if (grace.compareTo(LONGEST) <= 0) {
        return grace;
      }
    }
    throw ApiError.invalid("grace", "'" + text + "', expected 0s to 30d, such as 30m, 24h or 7d");
  }
}
