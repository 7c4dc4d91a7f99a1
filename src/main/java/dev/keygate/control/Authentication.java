package dev.keygate.control;

import dev.keygate.key.KeyToken;
import dev.keygate.key.ManagementToken;
import dev.keygate.key.TokenHash;
import dev.keygate.store.ManagementKeyRow;
import dev.keygate.store.Store;
import java.util.List;

/**
 * Who calls. Asks the store each time: there are few calls, and a management key that was deleted
 * or demoted must be so at once on every node.
 */
final class Authentication {
  private static final String SCHEME = "Bearer ";

  private final Store store;

  Authentication(Store store) {
    this.store = store;
  }

  /** The management key that the {@code Authorization} headers of a request present. */
  ManagementKeyRow authenticate(List<String> headers) {
    TokenHash presented = token(headers).hash();
    return store
        .read(tables -> tables.managementKeys().findByHash(presented.toBytes()))
        .filter(row -> TokenHash.of(row.tokenHash()).matches(presented))
        .orElseThrow(() ->
            refused(
                ErrorCode.UNKNOWN_TOKEN,
                "The management API key is not known; it may have been deleted."));
  }

  /** The token of a request that was let in. */
  static ManagementToken token(Request request) {
    return token(request.headers("Authorization"));
  }

  private static ManagementToken token(List<String> headers) {
    if (headers.size() > 1) {
      throw refused(ErrorCode.NOT_BEARER, "Expected one Authorization header, not several.");
    }
    if (headers.isEmpty() || headers.getFirst().isBlank()) {
      throw refused(
          ErrorCode.NO_CREDENTIAL,
          "The control API needs a management API key: Authorization: Bearer kgm_…. The first one"
              + " is in the file management-key of the data directory.");
    }
    String header = headers.getFirst();
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw refused(ErrorCode.NOT_BEARER, "Expected Authorization: Bearer kgm_….");
    }
    String presented = header.substring(SCHEME.length()).strip();
    if (KeyToken.isMeantAsKey(presented)) {
      throw refused(
          ErrorCode.GATEWAY_KEY_AS_TOKEN,
          "This is a gateway API key, which is for endpoints. The control API takes management API"
              + " keys: those begin with kgm_.");
    }
    ManagementToken token = ManagementToken.parse(presented);
    if (token == null) {
      throw refused(
          ErrorCode.MALFORMED_TOKEN,
          "The credential is no management API key: those begin with kgm_ and have 53 characters.");
    }
    return token;
  }

  private static ApiError refused(ErrorCode code, String message) {
    return ApiError.of(code, message).withHeader("www-authenticate", "Bearer");
  }
}
