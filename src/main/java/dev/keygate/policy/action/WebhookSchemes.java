package dev.keygate.policy.action;

import static dev.keygate.policy.action.WebhookScheme.base64;
import static dev.keygate.policy.action.WebhookScheme.hex;
import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The services whose webhooks can be verified, each by what its own documentation says. */
final class WebhookSchemes {
  private static final String SHA1 = "HmacSHA1";

  /** What Meta's products share. */
  private static final WebhookScheme META = hex("x-hub-signature-256").after("sha256=");

  /** An identifier, a time and the body, by a key in base64. */
  private static final WebhookScheme SVIX =
      base64("svix-signature")
          .after("v1,")
          .keyInBase64()
          .timedBy("svix-timestamp", "")
          .over("{svix-id}.{t}.{body}");

  private static final Map<String, WebhookScheme> SCHEMES =
      new TreeMap<>(
          Map.ofEntries(
              entry("aftership", base64("aftership-hmac-sha256", "as-signature-hmac-sha256")),
              entry("alchemy", hex("x-alchemy-signature")),
              entry("autodesk", hex("x-adsk-signature").after("sha1hash=").with(SHA1)),
              entry("bitbucket", hex("x-hub-signature").after("sha256=")),
              entry("bolt", base64("x-bolt-hmac-sha256")),
              entry(
                  "box",
                  base64("box-signature-primary", "box-signature-secondary")
                      .timedBy("box-delivery-timestamp", "")
                      .over("{body}{t}")),
              entry(
                  "brex",
                  base64("webhook-signature")
                      .after("v1,")
                      .keyInBase64()
                      .timedBy("webhook-timestamp", "")
                      .over("{webhook-id}.{t}.{body}")),
              entry(
                  "buildkite",
                  hex("x-buildkite-signature")
                      .after("signature=")
                      .timedBy("x-buildkite-signature", "timestamp=")
                      .over("{t}.{body}")),
              entry(
                  "calendly",
                  hex("calendly-webhook-signature")
                      .after("v1=")
                      .timedBy("calendly-webhook-signature", "t=")
                      .over("{t}.{body}")),
              entry("castle", base64("x-castle-signature")),
              entry("chargify", hex("x-chargify-webhook-signature-hmac-sha-256")),
              entry("circleci", hex("circleci-signature").after("v1=")),
              entry("clearbit", hex("x-request-signature").after("sha1=").with(SHA1)),
              entry("clerk", SVIX),
              entry("coinbase", hex("x-cc-webhook-signature")),
              entry("docusign", base64("x-docusign-signature-1", "x-docusign-signature-2")),
              entry("dropbox", hex("x-dropbox-signature")),
              entry("facebook_graph_api", META),
              entry("facebook_messenger", META),
              entry(
                  "frameio",
                  hex("x-frameio-signature")
                      .after("v0=")
                      .timedBy("x-frameio-request-timestamp", "")
                      .over("v0:{t}:{body}")),
              entry("github", META),
              entry("gitlab", hex("x-gitlab-token").with("")),
              entry("heroku", base64("heroku-webhook-hmac-sha256")),
              entry("instagram", META),
              entry("intercom", hex("x-hub-signature").after("sha1=").with(SHA1)),
              entry("jira", hex("x-hub-signature").after("sha256=")),
              entry("launch_darkly", hex("x-ld-signature")),
              entry("linear", hex("linear-signature")),
              entry("microsoft_teams", base64("authorization").after("HMAC ").keyInBase64()),
              entry("modern_treasury", hex("x-signature")),
              entry("mongodb", base64("x-mms-signature").with(SHA1)),
              entry(
                  "mux",
                  hex("mux-signature")
                      .after("v1=")
                      .timedBy("mux-signature", "t=")
                      .over("{t}.{body}")),
              entry(
                  "orb",
                  hex("x-orb-signature")
                      .after("v1=")
                      .timedBy("x-orb-timestamp", "")
                      .over("v1:{t}:{body}")),
              entry("orbit", hex("x-orbit-signature").after("sha256=")),
              entry("pagerduty", hex("x-pagerduty-signature").after("v1=")),
              entry(
                  "pinwheel",
                  hex("x-pinwheel-signature")
                      .after("v2=")
                      .timedBy("x-timestamp", "")
                      .over("v2:{t}:{body}")),
              entry("pusher", hex("x-pusher-signature")),
              entry("sentry", hex("sentry-hook-signature")),
              entry("shopify", base64("x-shopify-hmac-sha256")),
              entry(
                  "slack",
                  hex("x-slack-signature")
                      .after("v0=")
                      .timedBy("x-slack-request-timestamp", "")
                      .over("v0:{t}:{body}")),
              entry("sonatype", hex("x-nexus-webhook-signature").with(SHA1)),
              entry("square", base64("x-square-hmacsha256-signature").over("{url}{body}")),
              entry(
                  "stripe",
                  hex("stripe-signature")
                      .after("v1=")
                      .timedBy("stripe-signature", "t=")
                      .over("{t}.{body}")),
              entry("svix", SVIX),
              entry("terraform", hex("x-tfe-notification-signature").with("HmacSHA512")),
              entry(
                  "tiktok",
                  hex("tiktok-signature")
                      .after("s=")
                      .timedBy("tiktok-signature", "t=")
                      .over("{t}.{body}")),
              entry("twitter", base64("x-twitter-webhooks-signature").after("sha256=")),
              entry("typeform", base64("typeform-signature").after("sha256=")),
              entry("webex", hex("x-spark-signature").with(SHA1)),
              entry("whatsapp", META),
              entry("worldline", base64("x-gcs-signature")),
              entry("xero", base64("x-xero-signature")),
              entry(
                  "zendesk",
                  base64("x-zendesk-webhook-signature")
                      .timedBy("x-zendesk-webhook-signature-timestamp", "")
                      .over("{t}{body}")),
              entry(
                  "zoom",
                  hex("x-zm-signature")
                      .after("v0=")
                      .timedBy("x-zm-request-timestamp", "")
                      .over("v0:{t}:{body}"))));

  private WebhookSchemes() {}

  /** The scheme of a service, or null when it is not known. */
  static @Nullable WebhookScheme of(String provider) {
    return SCHEMES.get(provider);
  }

  static Set<String> names() {
    return new TreeSet<>(SCHEMES.keySet());
  }
}
