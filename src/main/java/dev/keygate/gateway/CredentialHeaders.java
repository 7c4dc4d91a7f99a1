package dev.keygate.gateway;

import io.vertx.core.http.HttpHeaders;
import java.util.List;

/** The header fields in which clients send credentials (SPEC.md section 3). */
final class CredentialHeaders {
  /** Where {@link #ALL} has the one whose value begins with a scheme. */
  static final int AUTHORIZATION = 0;

  static final List<CharSequence> ALL =
      List.of(
          HttpHeaders.AUTHORIZATION,
          HttpHeaders.createOptimized("x-api-key"),
          HttpHeaders.createOptimized("api-key"),
          HttpHeaders.createOptimized("x-goog-api-key"));

  /** Those that never carry anything but a key. */
  static final List<CharSequence> KEY_ONLY = ALL.subList(1, ALL.size());

  private CredentialHeaders() {}
}
