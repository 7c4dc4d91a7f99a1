package dev.keygate.control;

import java.util.Map;
import java.util.TreeMap;

/**
 * A refused call: what is wrong, where, and what would be right. Made for every refusal, so it has
 * no stack trace.
 */
final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient Map<String, String> details;
  private final transient Map<String, String> headers;

  private ApiError(
      ErrorCode code, String message, Map<String, String> details, Map<String, String> headers) {
    super(message, null, false, false);
    this.code = code;
    this.details = details;
    this.headers = headers;
  }

  static ApiError of(ErrorCode code, String message) {
    return new ApiError(code, message, Map.of(), Map.of());
  }

  /** A field of the body that is wrong. */
  static ApiError inField(ErrorCode code, String field, String message) {
    return of(code, field + ": " + message).with("field", field);
  }

  static ApiError invalid(String field, String message) {
    return inField(ErrorCode.INVALID_FIELD, field, message);
  }

  static ApiError notFound(String what, String id) {
    return of(ErrorCode.NOT_FOUND, "There is no " + what + " '" + id + "'.");
  }

  /** The same with one more detail, for programs. */
  ApiError with(String name, String value) {
    return new ApiError(code, message(), added(details, name, value), headers);
  }

  /** The same with one more header in its answer. */
  ApiError withHeader(String name, String value) {
    return new ApiError(code, message(), details, added(headers, name, value));
  }

  /** The same with the time after which the call may be repeated. */
  ApiError retryAfter(long seconds) {
    String text = Long.toString(seconds);
    return with("retry_after", text).withHeader("retry-after", text);
  }

  ErrorCode code() {
    return code;
  }

  String message() {
    return String.valueOf(getMessage());
  }

  Map<String, String> details() {
    return details;
  }

  Map<String, String> headers() {
    return headers;
  }

  private static Map<String, String> added(Map<String, String> map, String name, String value) {
    Map<String, String> more = new TreeMap<>(map);
    more.put(name, value);
    return more;
  }
}
