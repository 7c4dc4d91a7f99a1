package dev.keygate.policy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Action types that other gateways have and Keygate has not: what to use instead. */
final class AbsentActions {
  private static final String SIGN_IN =
      "browser sign-in is not part of Keygate; give applications gateway keys or put a sign-in"
          + " proxy in front";

  private static final Map<String, String> INSTEAD =
      Map.ofEntries(
          Map.entry("oauth", SIGN_IN),
          Map.entry("oidc", SIGN_IN),
          Map.entry("saml", SIGN_IN),
          Map.entry(
              "terminate-tls", "TLS is set up for the listener, in the server's configuration"),
          Map.entry(
              "owasp-crs-request",
              "put a web application firewall in front, or use deny with expressions"),
          Map.entry(
              "owasp-crs-response",
              "put a web application firewall in front, or use response-body-find-replace"),
          Map.entry(
              "forward-internal",
              "Keygate forwards to providers only; use ai-gateway with a provider's base_url"),
          Map.entry("openid-connect", SIGN_IN),
          Map.entry("webhook-verification", "the action is called verify-webhook"),
          Map.entry("webhook-validation", "the action is called verify-webhook"),
          Map.entry("set-headers", "use remove-headers and then add-headers"));

  private AbsentActions() {}

  /** What to say about an action type that is known but absent, or null when it is not known. */
  static @Nullable String explanation(String type) {
    return INSTEAD.get(type);
  }
}
