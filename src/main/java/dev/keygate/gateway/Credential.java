package dev.keygate.gateway;

import dev.keygate.exchange.CredentialHeaders;
import dev.keygate.key.KeyToken;
import dev.keygate.key.TokenText;
import io.vertx.core.MultiMap;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The credential that a request carries, wherever it carries it (SPEC.md section 3), or why that
 * cannot be told.
 */
sealed interface Credential {

  /** No credential header at all. */
  record None() implements Credential {}

  /**
   * One credential.
   *
   * @param text without the {@code Bearer} scheme; another scheme is left on it, and makes it no
   *     gateway key
   */
  record Presented(String text) implements Credential {
    boolean isMeantAsKey() {
      return KeyToken.isMeantAsKey(text);
    }

    @Override
    public String toString() {
      return "Presented";
    }
  }

  /** Two credentials, or one in a place where none may be; the message is for the client. */
  record Unacceptable(String message) implements Credential {}

  String BASIC = "Basic ";

  Credential NONE = new None();
  Credential TWO =
      new Unacceptable(
          "The request carries more than one credential. Send the gateway API key once, as"
              + " `Authorization: Bearer …` or `x-api-key: …`.");
  Credential IN_QUERY =
      new Unacceptable(
          "The gateway API key is in the query string, and URLs end up in logs. Replace this key,"
              + " and send the new one as `Authorization: Bearer …` or `x-api-key: …`.");

  /** Finds the credential among headers and query. */
  static Credential of(MultiMap headers, @Nullable String query) {
    if (query != null && holdsKey(query)) {
      return IN_QUERY;
    }
    String found = null;
    for (int i = 0; i < CredentialHeaders.ALL.size(); i++) {
      CharSequence name = CredentialHeaders.ALL.get(i);
      if (!headers.contains(name)) {
        continue;
      }
      List<String> values = headers.getAll(name);
      if (i == CredentialHeaders.AUTHORIZATION && isLeftToRules(values, headers)) {
        continue;
      }
      String text =
          i == CredentialHeaders.AUTHORIZATION
              ? withoutScheme(values.getFirst())
              : values.getFirst().strip();
      if (values.size() > 1 || (found != null && !found.equals(text))) {
        return TWO;
      }
      found = text;
    }
    return found == null ? NONE : new Presented(found);
  }

  /**
   * Whether a gateway key stands anywhere in the credential headers: behind any scheme, or as a
   * user name or password.
   */
  static boolean holdsKey(MultiMap headers) {
    return CredentialHeaders.ALL.stream()
        .flatMap(name -> headers.getAll(name).stream())
        .anyMatch(value -> TokenText.isIn(value) || TokenText.isIn(userAndPassword(value)));
  }

  /** What the value of the scheme {@code Basic} says (RFC 7617), empty when it is no such value. */
  private static String userAndPassword(String value) {
    String text = value.strip();
    if (!isBasic(text)) {
      return "";
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(text.substring(BASIC.length()).strip());
      return new String(decoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return "";
    }
  }

  private static boolean isBasic(String text) {
    return text.regionMatches(true, 0, BASIC, 0, BASIC.length());
  }

  /**
   * A user name and password beside a gateway key in a header of its own are for the rules ({@code
   * basic-auth}); they can be no gateway key, so that nobody reads the request in two ways.
   */
  private static boolean isLeftToRules(List<String> authorization, MultiMap headers) {
    return authorization.size() == 1
        && isBasic(authorization.getFirst().strip())
        && CredentialHeaders.KEY_ONLY.stream().anyMatch(headers::contains);
  }

  /** Whether anything in the query is meant as a gateway key, percent-encoded or not. */
  private static boolean holdsKey(String query) {
    if (query.indexOf('%') < 0) {
      return holdsPlainKey(query);
    }
    try {
      return holdsPlainKey(URLDecoder.decode(query, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return holdsPlainKey(query); // a broken escape decodes to no key
    }
  }

  private static boolean holdsPlainKey(String query) {
    int start = query.indexOf("ng-");
    return start >= 0 && query.indexOf("-g1-", start) > start;
  }

  private static String withoutScheme(String value) {
    String text = value.strip();
    return text.regionMatches(true, 0, "Bearer ", 0, 7) ? text.substring(7).strip() : text;
  }
}
