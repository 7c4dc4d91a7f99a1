package dev.keygate.policy.expression;

import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes apart the headers and the query that expressions read by part. */
final class RequestParts {
  private static final Map<String, Object> NO_COOKIE = Map.of("name", "", "value", "");

  private RequestParts() {}

  static ListsByName queryParams(@Nullable String query) {
    ListsByName params = new ListsByName("");
    if (query != null) {
      for (String pair : query.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        if (!pair.isEmpty()) {
          String value = equals < 0 ? "" : pair.substring(equals + 1);
          params.add(RequestUrl.decoded(name), RequestUrl.decoded(value));
        }
      }
    }
    return params;
  }

  /** The cookies a client sent (RFC 6265 section 4.2). */
  static ListsByName cookies(MultiMap headers) {
    ListsByName cookies = new ListsByName(NO_COOKIE);
    for (String line : headers.getAll("cookie")) {
      for (String pair : line.split(";", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          String name = pair.substring(0, equals).trim();
          cookies.add(name, Map.of("name", name, "value", pair.substring(equals + 1).trim()));
        }
      }
    }
    return cookies;
  }

  /** The cookies an answer sets (RFC 6265 section 4.1), with their attributes as texts. */
  static ListsByName setCookies(MultiMap headers) {
    ListsByName cookies = new ListsByName(NO_COOKIE);
    for (String line : headers.getAll("set-cookie")) {
      String[] parts = line.split(";", -1);
      int equals = parts[0].indexOf('=');
      if (equals > 0) {
        Map<String, Object> cookie = new LinkedHashMap<>();
        cookie.put("name", parts[0].substring(0, equals).trim());
        cookie.put("value", parts[0].substring(equals + 1).trim());
        attributes(cookie, parts);
        cookies.add(parts[0].substring(0, equals).trim(), cookie);
      }
    }
    return cookies;
  }

  private static void attributes(Map<String, Object> cookie, String[] parts) {
    cookie.put("secure", false);
    cookie.put("http_only", false);
    for (String key : List.of("domain", "path", "expires", "max_age", "same_site")) {
      cookie.put(key, "");
    }
    for (int at = 1; at < parts.length; at++) {
      int equals = parts[at].indexOf('=');
      String name = (equals < 0 ? parts[at] : parts[at].substring(0, equals)).trim();
      switch (name.toLowerCase(Locale.ROOT)) {
        case "secure" -> cookie.put("secure", true);
        case "httponly" -> cookie.put("http_only", true);
        case "max-age" -> cookie.put("max_age", value(parts[at], equals));
        case "samesite" -> cookie.put("same_site", value(parts[at], equals));
        case "domain" -> cookie.put("domain", value(parts[at], equals));
        case "path" -> cookie.put("path", value(parts[at], equals));
        case "expires" -> cookie.put("expires", value(parts[at], equals));
        default -> {}
      }
    }
  }

  private static String value(String part, int equals) {
    return equals < 0 ? "" : part.substring(equals + 1).trim();
  }

  /** The type and subtype in lower case, without parameters; empty when there is none. */
  static String mediaType(MultiMap headers) {
    String raw = header(headers, "content-type");
    int semicolon = raw.indexOf(';');
    return (semicolon < 0 ? raw : raw.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
  }

  static Map<String, String> mediaTypeParameters(MultiMap headers) {
    Map<String, String> parameters = new LinkedHashMap<>();
    String[] parts = header(headers, "content-type").split(";", -1);
    for (int at = 1; at < parts.length; at++) {
      int equals = parts[at].indexOf('=');
      if (equals > 0) {
        String value = parts[at].substring(equals + 1).trim();
        String name = parts[at].substring(0, equals).trim().toLowerCase(Locale.ROOT);
        parameters.put(name, value.replace("\"", ""));
      }
    }
    return parameters;
  }

  static List<String> contentEncodings(MultiMap headers) {
    List<String> encodings = new ArrayList<>();
    for (String line : headers.getAll("content-encoding")) {
      for (String encoding : line.split(",", -1)) {
        encodings.add(encoding.trim().toLowerCase(Locale.ROOT));
      }
    }
    return encodings;
  }

  /** The number that {@code content-length} says, or {@code otherwise}. */
  static long contentLength(MultiMap headers, long otherwise) {
    String text = header(headers, "content-length");
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : otherwise;
  }

  static String header(MultiMap headers, String name) {
    String value = headers.get(name);
    return value == null ? "" : value;
  }
}
