package dev.keygate.gateway;

import dev.keygate.exchange.Format;
import dev.keygate.exchange.Refusal;
import io.vertx.core.buffer.Buffer;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * The one place that writes error bodies, in the shape from which each vendor's SDK raises its own
 * typed exception (SPEC.md section 4).
 */
final class ErrorBody {
  private ErrorBody() {}

  /** The body of a refused request. */
  static Buffer of(Refusal refusal, Format format, String requestId) {
    return Buffer.buffer(json(refusal, format, requestId));
  }

  /** The event that ends a broken stream, after which the connection is closed. */
  static Buffer event(Refusal refusal, Format format, String requestId) {
    String data = "data: " + json(refusal, format, requestId) + "\n\n";
    return Buffer.buffer(format == Format.ANTHROPIC ? "event: error\n" + data : data);
  }

  private static String json(Refusal refusal, Format format, String requestId) {
    int status = refusal.code().status();
    String code = refusal.code().code();
    String message = escaped(refusal.message() + " [" + code + "]");
    return switch (format) {
      case OPENAI ->
          "{\"error\":{\"message\":\"%s\",\"type\":\"%s\",\"param\":null,\"code\":\"%s\"}}"
              .formatted(message, openAiType(status), code);
      case ANTHROPIC ->
          "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"%s\"},\"request_id\":\"%s\"}"
              .formatted(anthropicType(status), message, requestId);
    };
  }

  private static String openAiType(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 429 -> "rate_limit_error";
      default -> status < 500 ? "invalid_request_error" : "server_error";
    };
  }

  private static String anthropicType(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 503 -> "overloaded_error";
      case 504 -> "timeout_error";
      default -> status < 500 ? "invalid_request_error" : "api_error";
    };
  }

  /** For the inside of a JSON string: messages may quote what a client sent. */
  private static String escaped(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsCharArray(text));
  }
}
