package dev.keygate.sim;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code GET} and {@code DELETE /_sim/requests}: what was received, for people and other processes.
 */
final class RecordedRequests {

  private final RequestLog log;

  RecordedRequests(RequestLog log) {
    this.log = log;
  }

  static boolean isAsked(HttpServerRequest request) {
    return "/_sim/requests".equals(request.path());
  }

  void serve(HttpServerRequest request) {
    if (request.method().equals(HttpMethod.GET)) {
      request.response().putHeader("content-type", "application/json").end(json() + "\n");
    } else if (request.method().equals(HttpMethod.DELETE)) {
      log.clear();
      request.response().setStatusCode(204).end();
    } else {
      request.response().setStatusCode(405).putHeader("allow", "GET, DELETE").end();
    }
  }

  private String json() {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    log.all().forEach(received -> describe(received, list.addObject()));
    return list.toString();
  }

  private void describe(ReceivedRequest received, ObjectNode node) {
    node.put("number", received.number())
        .put("at", received.at().toString())
        .put("method", received.method())
        .put("path", received.path())
        .put("query", received.query());
    ArrayNode headers = node.putArray("headers");
    received
        .headers()
        .forEach(h -> headers.addObject().put("name", h.getKey()).put("value", h.getValue()));
    node.put("body", received.body())
        .put("body_bytes", received.bodyBytes())
        .put("remote", received.remote())
        .put("cancelled", log.isCancelled(received));
  }
}
