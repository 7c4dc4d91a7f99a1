package dev.keygate.policy.action;

import dev.keygate.exchange.Exchange;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * How a service signs its webhooks: an HMAC over the body, or over a time and the body, in a
 * header.
 *
 * @param algorithm the HMAC, as the JDK names it; empty when the header holds the secret itself
 * @param header where the signature is
 * @param prefix what stands before it, for example {@code sha256=}; of a list of items, the item's
 *     key
 * @param encoding how it is written
 * @param timestamp where the time is that is signed too
 * @param signed what is signed: {@code {id}}, {@code {t}} and {@code {body}} stand for the parts
 */
record WebhookScheme(
    String algorithm,
    String header,
    String prefix,
    Encoding encoding,
    Timestamp timestamp,
    String signed) {

  /** How a signature is written. */
  enum Encoding {
    HEX,
    BASE64
  }

  /**
   * Where the signed time, in seconds since 1970, is.
   *
   * @param header empty for none
   * @param item the key of the item in the header, or empty when it is the whole
   */
  record Timestamp(String header, String item) {
    static final Timestamp NONE = new Timestamp("", "");
  }

  /** How far a signed time may be from now: an older request is a recording. */
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final Map<String, WebhookScheme> SCHEMES = new TreeMap<>();

  static {
    hex("github", "HmacSHA256", "x-hub-signature-256", "sha256=");
    hex("bitbucket", "HmacSHA256", "x-hub-signature", "sha256=");
    hex("jira", "HmacSHA256", "x-hub-signature", "sha256=");
    hex("facebook_graph_api", "HmacSHA256", "x-hub-signature-256", "sha256=");
    hex("facebook_messenger", "HmacSHA256", "x-hub-signature-256", "sha256=");
    hex("instagram", "HmacSHA256", "x-hub-signature-256", "sha256=");
    hex("whatsapp", "HmacSHA256", "x-hub-signature-256", "sha256=");
    hex("intercom", "HmacSHA1", "x-hub-signature", "sha1=");
    hex("linear", "HmacSHA256", "linear-signature", "");
    hex("sentry", "HmacSHA256", "sentry-hook-signature", "");
    hex("dropbox", "HmacSHA256", "x-dropbox-signature", "");
    hex("launch_darkly", "HmacSHA256", "x-ld-signature", "");
    hex("circleci", "HmacSHA256", "circleci-signature", "v1=");
    hex("pagerduty", "HmacSHA256", "x-pagerduty-signature", "v1=");
    hex("terraform", "HmacSHA512", "x-tfe-notification-signature", "");
    base64("shopify", "HmacSHA256", "x-shopify-hmac-sha256", "");
    base64("heroku", "HmacSHA256", "heroku-webhook-hmac-sha256", "");
    base64("typeform", "HmacSHA256", "typeform-signature", "sha256=");
    SCHEMES.put(
        "gitlab", new WebhookScheme("", "x-gitlab-token", "", Encoding.HEX, Timestamp.NONE, ""));
    timed(
        "stripe", "stripe-signature", "v1=", new Timestamp("stripe-signature", "t="), "{t}.{body}");
    timed(
        "calendly",
        "calendly-webhook-signature",
        "v1=",
        new Timestamp("calendly-webhook-signature", "t="),
        "{t}.{body}");
    timed("mux", "mux-signature", "v1=", new Timestamp("mux-signature", "t="), "{t}.{body}");
    timed(
        "slack",
        "x-slack-signature",
        "v0=",
        new Timestamp("x-slack-request-timestamp", ""),
        "v0:{t}:{body}");
    timed(
        "zoom",
        "x-zm-signature",
        "v0=",
        new Timestamp("x-zm-request-timestamp", ""),
        "v0:{t}:{body}");
    timed(
        "buildkite",
        "x-buildkite-signature",
        "signature=",
        new Timestamp("x-buildkite-signature", "timestamp="),
        "{t}.{body}");
    for (String svix : List.of("svix", "clerk")) {
      SCHEMES.put(
          svix,
          new WebhookScheme(
              "HmacSHA256",
              "svix-signature",
              "v1,",
              Encoding.BASE64,
              new Timestamp("svix-timestamp", ""),
              "{id}.{t}.{body}"));
    }
  }

  private static void hex(String name, String algorithm, String header, String prefix) {
    SCHEMES.put(
        name, new WebhookScheme(algorithm, header, prefix, Encoding.HEX, Timestamp.NONE, "{body}"));
  }

  private static void base64(String name, String algorithm, String header, String prefix) {
    SCHEMES.put(
        name,
        new WebhookScheme(algorithm, header, prefix, Encoding.BASE64, Timestamp.NONE, "{body}"));
  }

  private static void timed(
      String name, String header, String prefix, Timestamp timestamp, String signed) {
    SCHEMES.put(
        name, new WebhookScheme("HmacSHA256", header, prefix, Encoding.HEX, timestamp, signed));
  }

  /** The scheme of a service, or null when it is not known. */
  static @Nullable WebhookScheme of(String provider) {
    return SCHEMES.get(provider);
  }

  static Set<String> names() {
    return new TreeSet<>(SCHEMES.keySet());
  }

  /** Whether the request carries a signature made with the secret, and not too long ago. */
  boolean verifies(Exchange exchange, String secret, Instant now) {
    String time = "";
    if (!timestamp.header().isEmpty()) {
      List<String> times = items(exchange, timestamp.header(), timestamp.item());
      if (times.size() != 1 || !isRecent(times.getFirst(), now)) {
        return false;
      }
      time = times.getFirst();
    }
    String expected = algorithm.isEmpty() ? secret : signature(exchange, secret, time);
    boolean verified = false;
    for (String given : items(exchange, header, prefix)) {
      verified |= isEqual(given, expected);
    }
    return verified;
  }

  /**
   * The header's items that begin with the prefix, without it. Some services sign with two keys.
   */
  private static List<String> items(Exchange exchange, String header, String prefix) {
    List<String> items = new ArrayList<>();
    for (String line : exchange.headers().getAll(header)) {
      for (String item :
          prefix.isEmpty()
              ? List.of(line)
              : List.of(line.split("[ ,](?! )(?=[a-z0-9]+[=,])", -1))) {
        if (item.trim().startsWith(prefix)) {
          items.add(item.trim().substring(prefix.length()));
        }
      }
    }
    return items;
  }

  private static boolean isRecent(String seconds, Instant now) {
    if (!seconds.matches("[0-9]{1,12}")) {
      return false;
    }
    try {
      Instant signedAt = Instant.ofEpochSecond(Long.parseLong(seconds));
      return Duration.between(signedAt, now).abs().compareTo(TOLERANCE) <= 0;
    } catch (DateTimeException absurd) {
      return false;
    }
  }

  private String signature(Exchange exchange, String secret, String time) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(keyBytes(secret), algorithm));
      int body = signed.indexOf("{body}");
      String id = exchange.headers().get("svix-id");
      String before =
          signed.substring(0, body).replace("{t}", time).replace("{id}", id == null ? "" : id);
      mac.update(before.getBytes(StandardCharsets.UTF_8));
      byte[] digest = mac.doFinal(exchange.body().getBytes());
      return encoding == Encoding.HEX
          ? HexFormat.of().formatHex(digest)
          : Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
      throw new IllegalStateException(algorithm + " cannot be used", impossible);
    }
  }

  /** Secrets of the Svix kind are written {@code whsec_} and base64. */
  private static byte[] keyBytes(String secret) {
    if (secret.startsWith("whsec_")) {
      try {
        return Base64.getDecoder().decode(secret.substring("whsec_".length()));
      } catch (IllegalArgumentException literal) {
        return secret.getBytes(StandardCharsets.UTF_8);
      }
    }
    return secret.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isEqual(String given, String expected) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
  }
}
