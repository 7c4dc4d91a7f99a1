package dev.keygate.gateway;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Refusal;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request's head must not be (RFC 9112 sections 3.2, 5 and 6), beyond what the decoder
 * already refused: heads that two readers could take for two different requests.
 */
final class HeadRules {
  private HeadRules() {}

  /** Why the head is refused, or null. */
  static @Nullable Refusal refusal(HttpServerRequest request, GatewaySettings settings) {
    MultiMap headers = request.headers();
    if (headers.size() > settings.maxHeaderLines()) {
      return Refusal.of(
          ErrorCode.HEADERS_TOO_LARGE,
          "The request has more than " + settings.maxHeaderLines() + " header lines.");
    }
    boolean http1 = request.version() != HttpVersion.HTTP_2;
    if (http1 && headers.getAll(HttpHeaders.HOST).size() != 1) {
      return malformed("The request needs exactly one Host header.");
    }
    if (request.authority() == null) {
      return malformed("The Host header is not a host with an optional port.");
    }
    String path = request.path();
    if (path == null || !path.startsWith("/")) {
      return malformed("The request target must be a path that starts with a slash.");
    }
    return http1 ? framing(headers) : null;
  }

  /** Why the announced body is refused before a byte of it is read, or null. */
  static @Nullable Refusal bodyRefusal(HttpServerRequest request, GatewaySettings settings) {
    String length = request.headers().get(HttpHeaders.CONTENT_LENGTH);
    // 18 digits hold any length that could be meant; the decoder has refused what is no number.
    boolean tooLarge =
        length != null && (length.length() > 18 || Long.parseLong(length) > settings.maxBody());
    return tooLarge ? BodyReader.tooLarge(settings.maxBody()) : null;
  }

  static boolean expectsContinue(HttpServerRequest request) {
    return "100-continue".equalsIgnoreCase(request.headers().get(HttpHeaders.EXPECT));
  }

  private static @Nullable Refusal framing(MultiMap headers) {
    List<String> transfer = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
    if (transfer.isEmpty()) {
      return headers.getAll(HttpHeaders.CONTENT_LENGTH).size() > 1
          ? malformed("The request has more than one Content-Length.")
          : null;
    }
    if (headers.contains(HttpHeaders.CONTENT_LENGTH)) {
      return malformed("The request has both Content-Length and Transfer-Encoding.");
    }
    return transfer.size() == 1 && transfer.getFirst().equalsIgnoreCase("chunked")
        ? null
        : malformed("Transfer-Encoding must be exactly `chunked`.");
  }

  private static Refusal malformed(String message) {
    return Refusal.of(ErrorCode.MALFORMED_REQUEST, message);
  }
}
