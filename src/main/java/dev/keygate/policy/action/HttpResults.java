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

  static void publish(
      Exchange exchange, HttpCall.Request request, HttpCall.Answer answer, long millis) {
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("status_code", answer.status());
    response.put("header", headers(answer.headers()));
    response.put("body", answer.body().toString());
    response.put("resolved_ip", answer.address());
    response.put("time_ms", millis);
    Map<String, Object> attempt = new LinkedHashMap<>();
    attempt.put("response_status_code", answer.status());
    attempt.put("response_header", headers(answer.headers()));
    attempt.put("resolved_ip", answer.address());
    attempt.put("response_time_ms", millis);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("req", question(request));
    result.put("res", response);
    result.put("attempts", List.of(attempt));
    result.put("error", Map.of("code", "", "message", ""));
    Messages.publish(exchange, NAME, result);
  }

  static void publishFailure(Exchange exchange, HttpCall.Request request, String message) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("req", question(request));
    result.put("res", Map.of("status_code", 0, "header", Map.of(), "body", ""));
    result.put("attempts", List.of());
    result.put("error", Map.of("code", NO_ANSWER, "message", message));
    Messages.publish(exchange, NAME, result);
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
