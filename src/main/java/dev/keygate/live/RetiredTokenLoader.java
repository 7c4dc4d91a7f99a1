package dev.keygate.live;

import dev.keygate.key.RetiredToken;
import dev.keygate.key.RetiredTokens;
import dev.keygate.key.TokenHash;
import dev.keygate.store.RetiredTokenRow;
import dev.keygate.store.Store;
import java.util.List;

/**
 * Publishes retired tokens. Before the keys themselves, and before the change that takes a token
 * from its key: a client that presents the old one is then never refused in between.
 */
final class RetiredTokenLoader {
  /** Those that are refused by now, the newest, and then those that are not, however many. */
  void load(Store.Tables tables, LiveState live) {
    List<RetiredTokenRow> newest = tables.retiredTokens().page("", RetiredTokens.MOST);
    newest.reversed().forEach(row -> publish(row, live));
    tables.retiredTokens().inGrace(live.now()).forEach(row -> publish(row, live));
  }

  /** Publishes what changed with one; none is ever deleted. */
  void reload(Store.Tables tables, LiveState live, String id) {
    tables.retiredTokens().find(id).ifPresent(row -> publish(row, live));
  }

  private static void publish(RetiredTokenRow row, LiveState live) {
    live.keys()
        .retired()
        .put(
            new RetiredToken(
                row.lookupId(),
                TokenHash.of(row.tokenHash()),
                row.gatewayKeyId(),
                row.expiresAt()));
  }
}
