package dev.keygate.policy.expression;

import dev.keygate.exchange.Exchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The parts of a request's URL as rules compare them. */
public final class RequestUrl {
  private RequestUrl() {}

  /** {@code http} or {@code https}: what the client's connection is. */
  public static String scheme(Exchange exchange) {
    return exchange.connection().tlsVersion().isEmpty() ? "http" : "https";
  }

  /** The whole URL with the path as it came. */
  public static String raw(Exchange exchange) {
    return scheme(exchange) + "://" + exchange.authority() + uri(exchange);
  }

  /** The whole URL with its path normalised. */
  public static String full(Exchange exchange) {
    String origin = scheme(exchange) + "://" + exchange.authority();
    return origin + withQuery(normalised(exchange.path()), exchange.query());
  }

  /** Raw path and query. */
  public static String uri(Exchange exchange) {
    return withQuery(exchange.path(), exchange.query());
  }

  private static String withQuery(String path, @Nullable String query) {
    return query == null ? path : path + '?' + query;
  }

  /** The host without a port, in lower case as the authority came. */
  static String host(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
  }

  /** The port that the authority names, or the scheme's. */
  static long port(Exchange exchange) {
    String authority = exchange.authority();
    String host = host(authority);
    if (host.length() < authority.length()) {
      String digits = authority.substring(host.length() + 1);
      if (digits.matches("[0-9]{1,5}")) {
        return Long.parseLong(digits);
      }
    }
    return scheme(exchange).equals("https") ? 443 : 80;
  }

  /**
   * The path with needless escapes undone and dot segments resolved (RFC 3986 sections 6.2.2.2 and
   * 6.2.2.3), so that a rule about {@code /admin} also sees {@code /%61dmin} and {@code
   * /x/../admin}.
   */
  static String normalised(String path) {
    String unescaped = path.indexOf('%') < 0 ? path : unescapedUnreserved(path);
    return unescaped.contains("/.") ? withoutDotSegments(unescaped) : unescaped;
  }

  private static String unescapedUnreserved(String path) {
    StringBuilder text = new StringBuilder(path.length());
    for (int at = 0; at < path.length(); at++) {
      int escaped = path.charAt(at) == '%' ? escapedAt(path, at) : -1;
      if (escaped >= 0 && isUnreserved((char) escaped)) {
        text.append((char) escaped);
        at += 2;
      } else {
        text.append(path.charAt(at));
      }
    }
    return text.toString();
  }

  private static int escapedAt(String path, int at) {
    if (at + 2 >= path.length()
        || !HexFormat.isHexDigit(path.charAt(at + 1))
        || !HexFormat.isHexDigit(path.charAt(at + 2))) {
      return -1;
    }
    return HexFormat.fromHexDigits(path, at + 1, at + 3);
  }

  private static boolean isUnreserved(char character) {
    return (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || (character >= '0' && character <= '9')
        || "-._~".indexOf(character) >= 0;
  }

  private static String withoutDotSegments(String path) {
    Deque<String> kept = new ArrayDeque<>();
    String[] segments = path.substring(1).split("/", -1);
    for (int at = 0; at < segments.length; at++) {
      boolean last = at == segments.length - 1;
      switch (segments[at]) {
        case "." -> keepSlash(kept, last);
        case ".." -> {
          kept.pollLast();
          keepSlash(kept, last);
        }
        default -> kept.addLast(segments[at]);
      }
    }
    return "/" + String.join("/", kept);
  }

  private static void keepSlash(Deque<String> kept, boolean last) {
    if (last) {
      kept.addLast("");
    }
  }

  /** Form decoding; text that is not well-formed is left as it came. */
  static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return text;
    }
  }
}
