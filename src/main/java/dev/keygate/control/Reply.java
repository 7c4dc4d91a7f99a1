package dev.keygate.control;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * What goes on the wire.
 *
 * @param body empty for none
 * @param headers all but those that every reply has
 */
record Reply(int status, String body, Map<String, String> headers) {
  private static final String TYPE = "content-type";
  private static final String JSON = "application/json";

  static Reply of(int status, String contentType, String body) {
    return new Reply(status, body, Map.of(TYPE, contentType));
  }

  static Reply text(int status, String text) {
    return of(status, "text/plain; charset=utf-8", text);
  }

  static Reply of(Answer answer) {
    return new Reply(
        answer.status(),
        answer.status() == 204 ? "" : answer.body().toString(),
        answer.status() == 204 ? answer.headers() : typed(answer.headers()));
  }

  /**
   * A refusal in the shape that published clients read: details are a map of strings.
   *
   * @param operationId with which the call can be found in the log
   */
  static Reply of(ApiError error, String operationId) {
    ObjectNode shown = Json.object();
    shown.put("error_code", error.code().code());
    shown.put("status_code", error.code().status());
    shown.put("msg", error.message());
    ObjectNode details = shown.putObject("details");
    details.put("operation_id", operationId);
    error.details().forEach(details::put);
    return new Reply(error.code().status(), shown.toString(), typed(error.headers()));
  }

  private static Map<String, String> typed(Map<String, String> headers) {
    Map<String, String> all = new TreeMap<>(headers);
    all.put(TYPE, JSON);
    return all;
  }
}
