package dev.keygate.control;

import dev.keygate.key.KeyToken;
import dev.keygate.key.ManagementToken;
import dev.keygate.key.TokenHash;
import dev.keygate.store.GatewayKeyRow;
import dev.keygate.store.ManagementKeyRow;
import dev.keygate.store.RetiredTokenRow;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /leaks}: takes tokens that were seen where they should not be, and puts those that
 * are ours out of use. The tokens themselves are neither kept nor repeated: what is answered names
 * the key, and each token by its place in the list.
 */
final class Leaks {
  static final String REPORT = "leaks.report";

  private final GatewayKeys gatewayKeys;
  private final ManagementKeys managementKeys;
  private final RetiredTokenList retiredTokens;

  Leaks(GatewayKeys gatewayKeys, ManagementKeys managementKeys, RetiredTokenList retiredTokens) {
    this.gatewayKeys = gatewayKeys;
    this.managementKeys = managementKeys;
    this.retiredTokens = retiredTokens;
  }

  /** What became of a token. */
  private enum Outcome {
    /** A gateway key's own token: the key is disabled. */
    DISABLED,
    /** The same, and it was before. */
    ALREADY_DISABLED,
    /** A token that was rotated out and still good: it is refused from now on. */
    RETIRED,
    /** A token that was refused already. */
    ALREADY_RETIRED,
    /** A management key: it is deleted. */
    DELETED,
    /** The last management key that is an admin: somebody has to make another one first. */
    LAST_ADMIN,
    /** Shaped like ours, and not ours. */
    UNKNOWN,
    /** Not shaped like ours. */
    NOT_A_TOKEN
  }

  Action.Done report(Change change) {
    ArrayNode results = Json.object().putArray("results");
    int index = 0;
    for (JsonNode text : change.body().path("tokens")) {
      ObjectNode result = Json.object();
      result.put("index", index++);
      result.put("outcome", "");
      result.put("id", "");
      result.put("display_name", "");
      Outcome outcome = respond(text.asString().strip(), result, change);
      result.put("outcome", outcome.name().toLowerCase(Locale.ROOT));
      results.add(result);
    }
    ObjectNode shown = Json.object();
    shown.set("results", results);
    return new Action.Done(shown, Optional.empty());
  }

  private Outcome respond(String text, ObjectNode result, Change change) {
    KeyToken token = KeyToken.parse(text);
    if (token != null) {
      return gatewayKey(token, result, change);
    }
    ManagementToken management = ManagementToken.parse(text);
    return management == null ? Outcome.NOT_A_TOKEN : managementKey(management, result, change);
  }

  private Outcome gatewayKey(KeyToken token, ObjectNode result, Change change) {
    GatewayKeyRow key =
        change
            .tables()
            .gatewayKeys()
            .findByLookupId(token.lookupId())
            .filter(row -> TokenHash.of(row.tokenHash()).matches(token.hash()))
            .orElse(null);
    if (key == null) {
      return retiredToken(token, result, change);
    }
    result.put("id", key.id());
    result.put("display_name", key.displayName());
    if (key.disabled()) {
      return Outcome.ALREADY_DISABLED;
    }
    String before = change.shown(gatewayKeys, key);
    GatewayKeyRow after = gatewayKeys.disabled(key, change);
    change.tables().gatewayKeys().update(after);
    change.done("leak", gatewayKeys, after, before);
    return Outcome.DISABLED;
  }

  private Outcome retiredToken(KeyToken token, ObjectNode result, Change change) {
    RetiredTokenRow retired =
        change
            .tables()
            .retiredTokens()
            .findByLookupId(token.lookupId())
            .filter(row -> TokenHash.of(row.tokenHash()).matches(token.hash()))
            .orElse(null);
    if (retired == null) {
      return Outcome.UNKNOWN;
    }
    result.put("id", retired.gatewayKeyId());
    result.put("display_name", retired.displayName());
    if (!retired.expiresAt().isAfter(change.now())) {
      return Outcome.ALREADY_RETIRED;
    }
    String before = change.shown(retiredTokens, retired);
    RetiredTokenRow ended = retired.endingAt(change.now());
    change.tables().retiredTokens().update(ended);
    change.done("leak", retiredTokens, ended, before);
    return Outcome.RETIRED;
  }

  private Outcome managementKey(ManagementToken token, ObjectNode result, Change change) {
    ManagementKeyRow key =
        change
            .tables()
            .managementKeys()
            .findByHash(token.hash().toBytes())
            .filter(row -> TokenHash.of(row.tokenHash()).matches(token.hash()))
            .orElse(null);
    if (key == null) {
      return Outcome.UNKNOWN;
    }
    result.put("id", key.id());
    if (ManagementKeys.isLastAdmin(key, change)) {
      return Outcome.LAST_ADMIN;
    }
    change.done("leak", managementKeys, key, change.shown(managementKeys, key));
    change.tables().managementKeys().delete(key.id());
    return Outcome.DELETED;
  }
}
