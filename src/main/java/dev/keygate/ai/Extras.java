package dev.keygate.ai;

import dev.keygate.ai.AiGatewayConfig.Additions;
import dev.keygate.exchange.Exchange;
import dev.keygate.policy.action.GatewayKeys;
import dev.keygate.policy.action.HeaderFields;
import dev.keygate.policy.expression.EvaluationException;
import dev.keygate.policy.expression.Values;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a policy adds to a request, computed once for it.
 *
 * @param headers by lower-case name
 * @param query percent-encoded value by percent-encoded name
 * @param body JSON by the name of a top-level field
 */
record Extras(Map<String, String> headers, Map<String, String> query, Map<String, byte[]> body) {
  static final Extras NONE = new Extras(Map.of(), Map.of(), Map.of());

  private static final JsonMapper JSON = JsonMapper.shared();

  /**
   * Computes them.
   *
   * @throws EvaluationException if one has no value, or a gateway key would leave with it
   */
  static Extras of(Additions additions, Exchange exchange) {
    if (additions.isEmpty()) {
      return NONE;
    }
    Map<String, String> headers = HeaderFields.render(additions.headers(), exchange);
    headers.values().forEach(GatewayKeys::refuse);
    Map<String, String> query = new LinkedHashMap<>();
    additions
        .queryParams()
        .forEach((name, value) ->
            query.put(encoded(name), encoded(GatewayKeys.refuse(value.render(exchange)))));
    Map<String, byte[]> body = new LinkedHashMap<>();
    additions
        .body()
        .forEach((name, value) -> {
          String json = JSON.writeValueAsString(Values.toPlain(value.evaluate(exchange)));
          body.put(name, GatewayKeys.refuse(json).getBytes(StandardCharsets.UTF_8));
        });
    return new Extras(headers, query, body);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
