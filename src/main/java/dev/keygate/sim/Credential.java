package dev.keygate.sim;

/**
 * Asks for a credential where the real providers do. Any will do: whose it is, tests look up.
 *
 * <p>Anthropic's API documents {@code x-api-key}, and its own clients send {@code Authorization:
 * Bearer}: the Anthropic shapes take either, the OpenAI ones only the latter.
 */
final class Credential {

  static final String MISSING =
      "You didn't provide an API key: expected 'Authorization: Bearer KEY', or 'x-api-key: KEY' where that is known.";

  private static final String BEARER = "Bearer ";

  private Credential() {}

  static boolean isPresent(Call call) {
    String authorization = header(call, "authorization");
    boolean bearer =
        authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
            && !authorization.substring(BEARER.length()).isBlank();
    return bearer || (SimulatorRoutes.isAnthropic(call) && !header(call, "x-api-key").isBlank());
  }

  private static String header(Call call, String name) {
    String value = call.headers().get(name);
    return value == null ? "" : value;
  }
}
