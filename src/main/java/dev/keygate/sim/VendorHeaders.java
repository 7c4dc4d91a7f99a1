package dev.keygate.sim;

import java.util.Map;

/**
 * Response headers as the vendors send them, among them those that a gateway should keep to itself.
 */
final class VendorHeaders {

  private VendorHeaders() {}

  static Map<String, String> of(long number) {
    return Map.of(
        "x-request-id", "req_sim" + number,
        "request-id", "req_sim" + number,
        "openai-organization", "org-simulated",
        "openai-project", "proj_simulated",
        "openai-version", "2020-10-01",
        "anthropic-organization-id", "org-simulated",
        "set-cookie", "__cf_bm=simulated; path=/; HttpOnly",
        "x-ratelimit-remaining-requests", "9999");
  }
}
