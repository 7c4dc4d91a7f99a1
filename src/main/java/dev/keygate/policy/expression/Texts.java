package dev.keygate.policy.expression;

import dev.cel.common.exceptions.CelBadFormatException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The text functions of expressions. */
final class Texts {
  private Texts() {}

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
  }

  static String basicAuth(String user, String password) {
    return "Basic " + encodeBase64(user + ':' + password);
  }

  static String encodeBase64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  static String decodeBase64(String text) {
    try {
      return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw new CelBadFormatException("not base64");
    }
  }

  /** Percent-encoding of everything but unreserved characters. */
  static String escapeUrl(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  static String unescapeUrl(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw new CelBadFormatException("not percent-encoded");
    }
  }

  static boolean isUrl(String text) {
    try {
      URI uri = new URI(text);
      return uri.getScheme() != null && uri.getHost() != null;
    } catch (URISyntaxException malformed) {
      return false;
    }
  }

  static boolean isQueryString(String text) {
    return text.contains("=") && text.chars().noneMatch(Character::isWhitespace);
  }

  static Map<String, Object> parseUrl(String text) {
    try {
      URI uri = new URI(text);
      Map<String, Object> parts = new LinkedHashMap<>();
      parts.put("scheme", orEmpty(uri.getScheme()));
      parts.put("host", orEmpty(uri.getHost()));
      parts.put("port", (long) Math.max(0, uri.getPort()));
      parts.put("path", orEmpty(uri.getPath()));
      parts.put("raw_query", orEmpty(uri.getRawQuery()));
      parts.put("fragment", orEmpty(uri.getFragment()));
      return parts;
    } catch (URISyntaxException malformed) {
      throw new CelBadFormatException("not a URL");
    }
  }

  /** A query string of texts, numbers, and lists of them. */
  static String encodeQuery(Map<?, ?> params) {
    StringJoiner query = new StringJoiner("&");
    params.forEach((name, value) -> {
      for (Object item : value instanceof List<?> items ? items : List.of(value)) {
        query.add(escapeUrl(Values.text(name)) + '=' + escapeUrl(Values.text(item)));
      }
    });
    return query.toString();
  }

  private static String orEmpty(@Nullable String part) {
    return part == null ? "" : part;
  }
}
