package dev.keygate.gateway;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Refusal;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request's head must not be, whatever the protocol version, beyond what the decoders
 * refuse. HTTP/1 heads have passed {@link RequestHeadScanner}; what that checks is checked here for
 * HTTP/2 alone (RFC 9113 section 8.2.1, 8.3.1).
 */
final class HeadRules {
  private static final Refusal BAD_HOST =
      malformed("The host is not a name with an optional port.");
  private static final Refusal TWO_HOSTS = malformed("The request names two hosts.");
  private static final Refusal BAD_VALUE = malformed("A header value holds a control character.");
  private static final Refusal UNKNOWN_PSEUDO_HEADER =
      malformed("The request has a pseudo-header that is none of a request's.");
  static final Refusal BAD_TARGET =
      malformed(
          "The request target must be a path that starts with a slash, without dot segments,"
              + " backslashes or broken escapes.");

  private static final int MAX_PORT = 65_535;

  private HeadRules() {}

  /** The host that the request is for as the client sent it; empty when it names none. */
  static String authority(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      var authority = request.authority();
      return authority == null ? "" : authority.toString();
    }
    String host = request.headers().get(HttpHeaders.HOST);
    return host == null ? "" : host;
  }

  /** Why the head is refused, or null. */
  static @Nullable Refusal refusal(
      HttpServerRequest request, String authority, GatewaySettings settings) {
    boolean isHttp2 = request.version() == HttpVersion.HTTP_2;
    boolean isNamed = !authority.isEmpty() || request.version() != HttpVersion.HTTP_1_0;
    if (isNamed && !isAuthority(authority)) {
      return BAD_HOST;
    }
    return isHttp2 ? http2Refusal(request.headers(), authority, settings) : null;
  }

  /** Why the announced body is refused before a byte of it is read, or null. */
  static @Nullable Refusal bodyRefusal(HttpServerRequest request, GatewaySettings settings) {
    return announcedBody(request) > settings.maxBody()
        ? BodyReader.tooLarge(settings.maxBody())
        : null;
  }

  /**
   * What Content-Length says: {@link Long#MAX_VALUE} when it is no number, -1 when it is absent.
   */
  static long announcedBody(HttpServerRequest request) {
    String length = request.headers().get(HttpHeaders.CONTENT_LENGTH);
    if (length == null) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < length.length(); i++) {
      int digit = length.charAt(i) - '0';
      if (digit < 0 || digit > 9 || value > Long.MAX_VALUE / 20) {
        return Long.MAX_VALUE;
      }
      value = 10 * value + digit;
    }
    return value;
  }

  static boolean expectsContinue(HttpServerRequest request) {
    String expect = request.headers().get(HttpHeaders.EXPECT);
    return expect != null && expect.equalsIgnoreCase("100-continue");
  }

  private static @Nullable Refusal http2Refusal(
      MultiMap headers, String authority, GatewaySettings settings) {
    if (headers.size() > settings.maxHeaderLines()) {
      return Refusal.of(
          ErrorCode.HEADERS_TOO_LARGE,
          "The request has more than " + settings.maxHeaderLines() + " header lines.");
    }
    List<String> hosts = headers.getAll(HttpHeaders.HOST);
    if (hosts.size() > 1 || (hosts.size() == 1 && !hosts.getFirst().equalsIgnoreCase(authority))) {
      return TWO_HOSTS;
    }
    for (Map.Entry<String, String> header : headers) {
      if (header.getKey().startsWith(":")) {
        return UNKNOWN_PSEUDO_HEADER;
      }
      if (!isFieldValue(header.getValue())) {
        return BAD_VALUE;
      }
    }
    return null;
  }

  private static boolean isFieldValue(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c > 0xff || !Octets.isFieldValue((byte) c)) {
        return false;
      }
    }
    return true;
  }

  /** A name, an IPv4 address or a bracketed IPv6 address, and a port of 0 to 65535 or none. */
  private static boolean isAuthority(String authority) {
    int end = authority.length();
    int name = 0;
    if (end > 0 && authority.charAt(0) == '[') {
      name = authority.indexOf(']') + 1;
      for (int i = 1; i < name - 1; i++) {
        char c = authority.charAt(i);
        if (Octets.hexDigit(c) < 0 && c != ':' && c != '.') {
          return false;
        }
      }
    } else {
      while (name < end && isNameCharacter(authority.charAt(name))) {
        name++;
      }
    }
    return name > 0 && (name == end || isPort(authority, name, end));
  }

  private static boolean isPort(String authority, int colon, int end) {
    if (authority.charAt(colon) != ':' || end - colon > 6) {
      return false;
    }
    int port = 0;
    for (int i = colon + 1; i < end; i++) {
      int digit = authority.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      port = 10 * port + digit;
    }
    return end > colon + 1 && port <= MAX_PORT;
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || c == '.'
        || c == '-'
        || c == '_';
  }

  private static Refusal malformed(String message) {
    return Refusal.of(ErrorCode.MALFORMED_REQUEST, message);
  }
}
