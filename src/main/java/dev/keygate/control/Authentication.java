package dev.keygate.control;

import dev.keygate.key.ManagementToken;
import dev.keygate.key.TokenHash;
import dev.keygate.store.ManagementKeyRow;
import dev.keygate.store.Store;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who calls. Asks the store each time: there are few management keys and few calls, and a deleted
 * key must be refused at once on every node.
 */
final class Authentication {
  private final Store store;

  Authentication(Store store) {
    this.store = store;
  }

  /** The management key that an {@code Authorization} header presents. */
  ManagementKeyRow authenticate(@Nullable String header) {
    if (header == null || header.isBlank()) {
      throw ApiError.of(
          401,
          "ERR_NGROK_200",
          "The control API needs a management API key: Authorization: Bearer kgm_….");
    }
    if (!header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      throw ApiError.of(401, "ERR_NGROK_201", "Expected Authorization: Bearer kgm_….");
    }
    ManagementToken token = ManagementToken.parse(header.substring(7).strip());
    if (token == null) {
      throw ApiError.of(
          401,
          "ERR_NGROK_202",
          "The credential is no management API key: those begin with kgm_ and have 53 characters.");
    }
    TokenHash presented = token.hash();
    List<ManagementKeyRow> matching = new ArrayList<>();
    store.read(tables -> {
      tables
          .managementKeys()
          .forEach(row -> {
            if (TokenHash.of(row.tokenHash()).matches(presented)) {
              matching.add(row);
            }
          });
      return matching;
    });
    if (matching.isEmpty()) {
      throw ApiError.of(
          401, "ERR_NGROK_203", "The management API key is not known; it may have been deleted.");
    }
    return matching.getFirst();
  }
}
