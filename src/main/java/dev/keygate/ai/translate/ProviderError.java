package dev.keygate.ai.translate;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a provider says when it refuses.
 *
 * @param type the provider's word for the kind of error; may be empty
 * @param message for the client
 * @param code OpenAI's narrower word; may be empty
 */
record ProviderError(String type, String message, String code) {
  private static final int LONGEST_PLAIN = 500;

  /** Reads an error body of any of the APIs; one of none is taken for the message itself. */
  static ProviderError read(byte[] body) {
    try {
      return read(Json.object(body, "error"));
    } catch (UntranslatableException | JacksonException e) {
      String text = new String(body, StandardCharsets.UTF_8).strip();
      String shown = text.substring(0, Math.min(text.length(), LONGEST_PLAIN));
      return new ProviderError("", shown.isEmpty() ? "The provider gave no reason." : shown, "");
    }
  }

  /** Reads an object that has the error in {@code error}, or is one. */
  static ProviderError read(JsonNode body) {
    JsonNode error = body.path("error").isObject() ? body.path("error") : body;
    String message = Json.string(error, "message");
    return new ProviderError(
        Json.string(error, "type"),
        message.isEmpty() ? Json.text(error) : message,
        Json.string(error, "code"));
  }

  ObjectNode write(Dialect dialect, int status) {
    return switch (dialect) {
      case CHAT, RESPONSES -> openAi(status);
      case MESSAGES -> anthropic(status);
    };
  }

  private ObjectNode openAi(int status) {
    ObjectNode body = Json.object();
    ObjectNode error = body.putObject("error").put("message", message);
    error.put("type", openAiType(status)).putNull("param");
    error.put("code", code.isEmpty() ? openAiCode(status) : code);
    return body;
  }

  private ObjectNode anthropic(int status) {
    ObjectNode body = Json.object().put("type", "error");
    body.putObject("error").put("type", anthropicType(status)).put("message", message);
    return body;
  }

  private static String openAiType(int status) {
    return switch (status) {
      case 429 -> "requests";
      default -> status >= 500 ? "server_error" : "invalid_request_error";
    };
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

  /** The status that goes with an error in a stream, whose own was 200. */
  int status() {
    return switch (type) {
      case "rate_limit_error", "requests", "tokens" -> 429;
      case "authentication_error" -> 401;
      case "permission_error" -> 403;
      case "not_found_error" -> 404;
      case "invalid_request_error" -> 400;
      case "overloaded_error" -> 529;
      default -> 500;
    };
  }
}
