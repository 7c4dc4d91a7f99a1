package dev.keygate.policy.action;

import dev.keygate.exchange.Exchange;
import io.vertx.core.MultiMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code http-request} leaves under {@code actions.ngrok.http_request}. */
final class HttpResults {
  private static final String NAME = "http_request";
  private static final String NO_ANSWER = "ERR_KEYGATE_NO_ANSWER";

  private HttpResults() {}

  static void publish(Exchange exchange, Map<String, Object> result) {
    Messages.publish(exchange, NAME, result);
  }

  /** An attempt that was answered. */
  static Map<String, Object> attempt(HttpCall.Answer answer, long millis) {
    Map<String, Object> attempt = new LinkedHashMap<>();
    attempt.put("response_status_code", answer.status());
    attempt.put("response_header", headers(answer.headers()));
    attempt.put("resolved_ip", answer.address());
    attempt.put("response_time_ms", millis);
    return attempt;
  }

  static Map<String, Object> answered(
      HttpCall.Request request,
      HttpCall.Answer answer,
      long millis,
      List<Map<String, Object>> attempts) {
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("status_code", answer.status());
    response.put("header", headers(answer.headers()));
    response.put("body", answer.body().toString());
    response.put("resolved_ip", answer.address());
    response.put("time_ms", millis);
    return result(request, response, attempts, Map.of("code", "", "message", ""));
  }

  static Map<String, Object> unanswered(
      HttpCall.Request request, String message, List<Map<String, Object>> attempts) {
    return result(
        request,
        Map.of("status_code", 0, "header", Map.of(), "body", ""),
        attempts,
        Map.of("code", NO_ANSWER, "message", message));
  }

  /** What a retry condition reads of the attempt that had this result. */
  static Map<String, Object> lastAttempt(Map<String, Object> result, String error) {
    return Map.of("req", result.get("req"), "res", result.get("res"), "error", error);
  }

  private static Map<String, Object> result(
      HttpCall.Request request,
      Map<String, Object> response,
      List<Map<String, Object>> attempts,
      Map<String, Object> error) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("req", question(request));
    result.put("res", response);
    result.put("attempts", List.copyOf(attempts));
    result.put("error", error);
    return result;
  }

  private static Map<String, Object> question(HttpCall.Request request) {
    Map<String, Object> headers = headers(request.headers());
    headers.replaceAll(
        (name, values) -> Credentials.HEADERS.contains(name) ? List.of(Credentials.BLOT) : values);
    return Map.of(
        "method", request.method(),
        "url", request.url(),
        "header", headers,
        "body", request.body().toString());
  }

  private static Map<String, Object> headers(MultiMap headers) {
    Map<String, Object> byName = new LinkedHashMap<>();
    for (String name : headers.names()) {
      byName.put(name.toLowerCase(Locale.ROOT), headers.getAll(name));
    }
    return byName;
  }
}
