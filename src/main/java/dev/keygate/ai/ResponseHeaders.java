package dev.keygate.ai;

import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a provider's response headers reaches the client (SPEC.md section 6): all but hop-by-hop
 * fields, what names the operator's account with the provider, what would change how the client
 * treats this gateway's host, and what the gateway says itself.
 */
final class ResponseHeaders {
  private static final AsciiString CONNECTION = AsciiString.cached("connection");
  private static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");
  static final AsciiString PROVIDER_REQUEST_ID =
      AsciiString.cached("x-keygate-provider-request-id");
  static final AsciiString PROVIDER = AsciiString.cached("x-keygate-provider");
  static final AsciiString MODEL = AsciiString.cached("x-keygate-model");
  static final AsciiString ATTEMPTS = AsciiString.cached("x-keygate-attempts");

  private static final List<AsciiString> REMOVED =
      List.of(
          // Hop-by-hop (RFC 9110 section 7.6.1); the length is the body's to know.
          CONNECTION,
          AsciiString.cached("keep-alive"),
          AsciiString.cached("proxy-connection"),
          AsciiString.cached("proxy-authenticate"),
          AsciiString.cached("te"),
          AsciiString.cached("trailer"),
          AsciiString.cached("transfer-encoding"),
          AsciiString.cached("upgrade"),
          AsciiString.cached("content-length"),
          // Whose account it is.
          AsciiString.cached("set-cookie"),
          AsciiString.cached("openai-organization"),
          AsciiString.cached("openai-project"),
          AsciiString.cached("anthropic-organization-id"),
          // Said about the provider's host, and believed of this one.
          AsciiString.cached("alt-svc"),
          AsciiString.cached("strict-transport-security"),
          AsciiString.cached("clear-site-data"),
          AsciiString.cached("nel"),
          AsciiString.cached("report-to"),
          // Said by the gateway alone.
          AsciiString.cached("x-keygate-error"),
          PROVIDER_REQUEST_ID);

  private ResponseHeaders() {}

  /** Takes out, in place, what the client must not get. */
  static void clean(MultiMap headers) {
    removeNamedBy(headers.get(CONNECTION), headers);
    for (AsciiString name : REMOVED) {
      headers.remove(name);
    }
    // The client's x-request-id is the gateway's; the provider's is kept for asking its support.
    String requestId = headers.get(REQUEST_ID);
    if (requestId != null) {
      headers.remove(REQUEST_ID);
      headers.set(PROVIDER_REQUEST_ID, requestId);
    }
  }

  /** A client-given name as it can stand in a header: visible ASCII, anything else as {@code ?}. */
  static String printable(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (!isPrintable(name.charAt(i))) {
        StringBuilder printable = new StringBuilder(name);
        for (int k = i; k < name.length(); k++) {
          if (!isPrintable(name.charAt(k))) {
            printable.setCharAt(k, '?');
          }
        }
        return printable.toString();
      }
    }
    return name;
  }

  private static boolean isPrintable(char c) {
    return c > ' ' && c < 0x7f;
  }

  /** Removes the fields that a {@code Connection} field lists as meant for this hop alone. */
  private static void removeNamedBy(@Nullable String connection, MultiMap headers) {
    if (connection == null
        || connection.equalsIgnoreCase("keep-alive")
        || connection.equalsIgnoreCase("close")) {
      return;
    }
    for (String name : connection.split(",", -1)) {
      String trimmed = name.trim();
      if (!trimmed.isEmpty()) {
        headers.remove(trimmed);
      }
    }
  }
}
