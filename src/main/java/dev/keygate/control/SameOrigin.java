package dev.keygate.control;

import java.net.URI;
import java.util.List;

/**
 * Whether a call that carries the dashboard's cookie was made by the dashboard's own page. The
 * cookie is SameSite=Strict already; this also holds off pages of the same site on another port or
 * host, and browsers that know no SameSite.
 *
 * <p>Every such call has a header that another origin's page cannot send without asking first (and
 * is never allowed to). What changes something must besides be told by the browser itself to come
 * from here: by {@code Sec-Fetch-Site}, or, where the browser sends none (clear text beyond
 * loopback), by {@code Origin}.
 */
final class SameOrigin {
  static final String HEADER = "x-keygate-dashboard";

  private SameOrigin() {}

  /**
   * Refuses what another page had sent.
   *
   * @param base scheme and host that this listener is known by to the caller
   */
  static void check(Request request, String base) {
    if (request.headers(HEADER).isEmpty()) {
      throw refused("it has no header " + HEADER);
    }
    List<String> sites = request.headers("sec-fetch-site");
    if (!sites.isEmpty() && !sites.equals(List.of("same-origin"))) {
      throw refused("Sec-Fetch-Site is " + String.join(", ", sites));
    }
    List<String> origins = request.headers("origin");
    if (!origins.isEmpty() && !isAuthorityOf(base, origins)) {
      throw refused("its Origin is another");
    }
    if (!request.method().equals("GET") && sites.isEmpty() && origins.isEmpty()) {
      throw refused("it has neither Origin nor Sec-Fetch-Site");
    }
  }

  /** Hosts and ports are compared, not schemes: TLS may end in front of Keygate. */
  private static boolean isAuthorityOf(String base, List<String> origins) {
    String own = String.valueOf(URI.create(base).getRawAuthority());
    String origin = origins.getFirst();
    return origins.size() == 1
        && (origin.equalsIgnoreCase("http://" + own) || origin.equalsIgnoreCase("https://" + own));
  }

  private static ApiError refused(String why) {
    return ApiError.of(
        ErrorCode.NOT_SAME_ORIGIN,
        "This is for the dashboard's own page, and "
            + why
            + ". Programs call the API at the root,"
            + " with a bearer token.");
  }
}
