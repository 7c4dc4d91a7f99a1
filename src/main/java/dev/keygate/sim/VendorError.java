package dev.keygate.sim;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Error answers in the two vendors' shapes. */
enum VendorError {
  OPENAI {
    @Override
    ObjectNode body(int status, String message) {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      body.putObject("error")
          .put("message", message)
          .put("type", status == 429 ? "requests" : openAiType(status))
          .putNull("param")
          .put("code", openAiCode(status));
      return body;
    }
  },
  ANTHROPIC {
    @Override
    ObjectNode body(int status, String message) {
      ObjectNode body = JsonNodeFactory.instance.objectNode().put("type", "error");
      body.putObject("error").put("type", anthropicType(status)).put("message", message);
      return body.put("request_id", "req_sim");
    }
  };

  static final int RETRY_AFTER_SECONDS = 7;

  abstract ObjectNode body(int status, String message);

  /** The error as an answer; a 429 or 503 also tells when to come back. */
  Answer answer(int status, String message) {
    return answer(status, message, RETRY_AFTER_SECONDS);
  }

  Answer answer(int status, String message, int retryAfterSeconds) {
    List<Map.Entry<String, String>> headers =
        status == 429 || status == 503
            ? List.of(Map.entry("retry-after", Integer.toString(retryAfterSeconds)))
            : List.of();
    return new Answer.Whole(
        status, "application/json", headers, Buffer.buffer(body(status, message).toString()));
  }

  private static String openAiType(int status) {
    return status >= 500 ? "server_error" : "invalid_request_error";
  }

  private static @Nullable String openAiCode(int status) {
    return switch (status) {
      case 401 -> "invalid_api_key";
      case 404 -> "model_not_found";
      case 429 -> "rate_limit_exceeded";
      default -> null;
    };
  }

  private static String anthropicType(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 529 -> "overloaded_error";
      default -> status >= 500 ? "api_error" : "invalid_request_error";
    };
  }
}
