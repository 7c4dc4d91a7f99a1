package dev.keygate.policy.action;

import dev.keygate.endpoint.Endpoint;
import dev.keygate.exchange.Exchange;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * How a service signs its webhooks: an HMAC over the body, or over a time and the body, in a
 * header.
 *
 * @param algorithm the HMAC, as the JDK names it; empty when the header holds the secret itself
 * @param headers where the signature is; services that sign with two keys use two
 * @param prefix what stands before it, for example {@code sha256=}; of a list of items, the item's
 *     key
 * @param encoding how the signature is written
 * @param key how the secret is written
 * @param time when it was signed
 * @param signed what is signed: {@code {body}}, {@code {t}} for the time, {@code {url}} for what
 *     was asked, or a header's name
 */
record WebhookScheme(
    String algorithm,
    List<String> headers,
    String prefix,
    Encoding encoding,
    Encoding key,
    Time time,
    String signed) {

  /** How bytes are written. */
  enum Encoding {
    TEXT,
    HEX,
    BASE64
  }

  /**
   * Where the signed time is, in seconds since 1970 or as RFC 3339 has it.
   *
   * @param header empty for none
   * @param item the key of the item in the header, or empty when it is the whole
   */
  record Time(String header, String item) {
    static final Time NONE = new Time("", "");
  }

  /** How far a signed time may be from now: an older request is a recording. */
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final Pattern PART = Pattern.compile("\\{([a-z-]+)}");
  private static final String KEY_MARK = "whsec_";

  /** HMAC-SHA256 of the body, in hexadecimal. */
  static WebhookScheme hex(String... headers) {
    return new WebhookScheme(
        "HmacSHA256", List.of(headers), "", Encoding.HEX, Encoding.TEXT, Time.NONE, "{body}");
  }

  /** HMAC-SHA256 of the body, in base64. */
  static WebhookScheme base64(String... headers) {
    WebhookScheme hex = hex(headers);
    return new WebhookScheme(
        hex.algorithm, hex.headers, "", Encoding.BASE64, hex.key, hex.time, hex.signed);
  }

  WebhookScheme with(String hmac) {
    return new WebhookScheme(hmac, headers, prefix, encoding, key, time, signed);
  }

  WebhookScheme after(String before) {
    return new WebhookScheme(algorithm, headers, before, encoding, key, time, signed);
  }

  WebhookScheme keyInBase64() {
    return new WebhookScheme(algorithm, headers, prefix, encoding, Encoding.BASE64, time, signed);
  }

  WebhookScheme timedBy(String header, String item) {
    return new WebhookScheme(
        algorithm, headers, prefix, encoding, key, new Time(header, item), signed);
  }

  WebhookScheme over(String parts) {
    return new WebhookScheme(algorithm, headers, prefix, encoding, key, time, parts);
  }

  /** Whether the request carries a signature made with the secret, and not too long ago. */
  boolean verifies(Exchange exchange, String secret, Instant now) {
    String signedAt = "";
    if (!time.header().isEmpty()) {
      List<String> times = items(exchange, time.header(), time.item());
      if (times.size() != 1 || !isRecent(times.getFirst(), now)) {
        return false;
      }
      signedAt = times.getFirst();
    }
    String expected = algorithm.isEmpty() ? secret : signature(exchange, secret, signedAt);
    boolean verified = false;
    for (String header : headers) {
      for (String given : items(exchange, header, prefix)) {
        verified |= expected != null && isEqual(given, expected);
      }
    }
    return verified;
  }

  /**
   * The header's items that begin with the prefix, without it. Some services sign with two keys.
   */
  private static List<String> items(Exchange exchange, String header, String prefix) {
    List<String> items = new ArrayList<>();
    for (String line : exchange.headers().getAll(header)) {
      boolean isOne = prefix.isEmpty() || prefix.endsWith(" ");
      String[] parts = isOne ? new String[] {line} : line.split("[ ,](?! )(?=[a-z0-9]+[=,])", -1);
      for (String item : parts) {
        if (item.trim().startsWith(prefix)) {
          items.add(item.trim().substring(prefix.length()));
        }
      }
    }
    return items;
  }

  private static boolean isRecent(String text, Instant now) {
    try {
      Instant signedAt =
          text.matches("[0-9]{1,12}") ? Instant.ofEpochSecond(Long.parseLong(text)) : instant(text);
      return Duration.between(signedAt, now).abs().compareTo(TOLERANCE) <= 0;
    } catch (DateTimeException absurd) {
      return false;
    }
  }

  /** Of a time as RFC 3339 has it; some services leave the offset away and mean UTC. */
  private static Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException withoutOffset) {
      return Instant.parse(text + "Z");
    }
  }

  /** The signature that is expected, or null when the secret is no key of this scheme. */
  private @Nullable String signature(Exchange exchange, String secret, String signedAt) {
    byte[] keyBytes = keyBytes(secret);
    if (keyBytes.length == 0) {
      return null;
    }
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(keyBytes, algorithm));
      Matcher parts = PART.matcher(signed);
      int at = 0;
      while (parts.find()) {
        mac.update(utf8(signed.substring(at, parts.start())));
        mac.update(part(parts.group(1), exchange, signedAt));
        at = parts.end();
      }
      byte[] digest = mac.doFinal();
      return encoding == Encoding.HEX
          ? HexFormat.of().formatHex(digest)
          : Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
      throw new IllegalStateException(algorithm + " cannot be used", impossible);
    }
  }

  private static byte[] part(String name, Exchange exchange, String signedAt) {
    return switch (name) {
      case "body" -> exchange.body().getBytes();
      case "t" -> utf8(signedAt);
      case "url" -> utf8(url(exchange));
      default -> utf8(String.join(",", exchange.headers().getAll(name)));
    };
  }

  /** What was asked, as the service that asked it writes it. */
  private static String url(Exchange exchange) {
    Endpoint endpoint = exchange.endpoint();
    String query = exchange.query();
    return (endpoint == null ? "" : endpoint.url())
        + exchange.path()
        + (query == null ? "" : "?" + query);
  }

  /** Secrets in base64 may be written with the mark that tells them from others. */
  private byte[] keyBytes(String secret) {
    if (key != Encoding.BASE64) {
      return utf8(secret);
    }
    try {
      String bare = secret.startsWith(KEY_MARK) ? secret.substring(KEY_MARK.length()) : secret;
      return Base64.getDecoder().decode(bare);
    } catch (IllegalArgumentException literal) {
      return new byte[0];
    }
  }

  private static boolean isEqual(String given, String expected) {
    return MessageDigest.isEqual(utf8(given), utf8(expected));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
