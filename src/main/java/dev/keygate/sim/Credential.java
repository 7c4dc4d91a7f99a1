package dev.keygate.sim;

/** Asks for a credential where the real providers do. Any will do: whose it is, tests look up. */
final class Credential {

  static final String MISSING =
      "You didn't provide an API key: expected 'Authorization: Bearer KEY', or 'x-api-key: KEY' for messages.";

  private static final String BEARER = "Bearer ";

  private Credential() {}

  static boolean isPresent(Call call) {
    boolean apiKey = !header(call, "x-api-key").isBlank();
    if (SimulatorRoutes.isAnthropic(call)) {
      return apiKey;
    }
    String authorization = header(call, "authorization");
    return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        && !authorization.substring(BEARER.length()).isBlank();
  }

  private static String header(Call call, String name) {
    String value = call.headers().get(name);
    return value == null ? "" : value;
  }
}
