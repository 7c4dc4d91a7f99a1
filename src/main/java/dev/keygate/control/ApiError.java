package dev.keygate.control;

import java.util.Map;
import java.util.TreeMap;

/**
 * A refused call: what is wrong, where, and what would be right. Made for every refusal, so it has
 * no stack trace.
 */
final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final transient Map<String, String> details;

  private ApiError(int status, String code, String message, Map<String, String> details) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.details = details;
  }

  static ApiError of(int status, String code, String message) {
    return new ApiError(status, code, message, Map.of());
  }

  /** The same with one more detail, for programs. */
  ApiError with(String name, String value) {
    Map<String, String> more = new TreeMap<>(details);
    more.put(name, value);
    return new ApiError(status, code, message(), more);
  }

  static ApiError invalid(String field, String message) {
    return of(400, "ERR_NGROK_215", field + ": " + message).with("field", field);
  }

  static ApiError notFound(String what, String id) {
    return of(404, "ERR_KEYGATE_NOT_FOUND", "There is no " + what + " " + id + ".");
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String message() {
    return String.valueOf(getMessage());
  }

  Map<String, String> details() {
    return details;
  }
}
