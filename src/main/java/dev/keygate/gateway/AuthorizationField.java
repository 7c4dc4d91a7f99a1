package dev.keygate.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code Authorization} in one way, whichever way the client chose. Schemes are the same in
 * any letter case and before any number of blanks (RFC 9110 section 11.4), and a gateway key may
 * come in other fields: rules that go by the field's text, such as a rate limit, would otherwise
 * take one client for as many as it likes.
 */
final class AuthorizationField {
  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";

  private AuthorizationField() {}

  /** Writes the scheme as its RFC does, and one blank after it. */
  static void writePlainly(MultiMap headers) {
    String value = headers.get(HttpHeaders.AUTHORIZATION);
    String plain = value == null ? null : plain(value);
    // Of several lines, each is somebody's choice: they are refused where credentials are asked
    // for.
    if (plain != null && headers.getAll(HttpHeaders.AUTHORIZATION).size() == 1) {
      headers.set(HttpHeaders.AUTHORIZATION, plain);
    }
  }

  /** Shows rules the gateway key here, wherever it was, unless they are to see a password here. */
  static void show(MultiMap headers, String key) {
    String value = headers.get(HttpHeaders.AUTHORIZATION);
    boolean isShown =
        value != null
            && value.length() == BEARER.length() + key.length()
            && value.startsWith(BEARER)
            && value.endsWith(key);
    if (!isShown && (value == null || !value.startsWith(BASIC))) {
      headers.set(HttpHeaders.AUTHORIZATION, BEARER + key);
    }
  }

  /** The value written plainly, or null when it is so, or is of another scheme. */
  private static @Nullable String plain(String value) {
    if (isPlain(value, BEARER) || isPlain(value, BASIC)) {
      return null;
    }
    String bearer = plain(value, BEARER);
    return bearer == null ? plain(value, BASIC) : bearer;
  }

  private static @Nullable String plain(String value, String scheme) {
    int length = scheme.length() - 1;
    boolean isScheme =
        value.length() > length
            && value.regionMatches(true, 0, scheme, 0, length)
            && Octets.isBlank((byte) value.charAt(length));
    return isScheme ? scheme + value.substring(length).strip() : null;
  }

  private static boolean isPlain(String value, String scheme) {
    return value.startsWith(scheme)
        && value.length() > scheme.length()
        && !Octets.isBlank((byte) value.charAt(scheme.length()));
  }
}
