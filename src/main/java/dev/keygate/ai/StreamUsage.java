package dev.keygate.ai;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Surface;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks for the usage of streams that do not say it by themselves: Chat Completions do so in a last
 * chunk, when told to. Pure.
 */
final class StreamUsage {
  private static final String OPTIONS = "stream_options";
  private static final String INCLUDE = "include_usage";
  private static final JsonMapper JSON = JsonMapper.shared();

  private StreamUsage() {}

  /** Whether the answer will be a stream that says nothing of its usage unless it is asked to. */
  static boolean isSilent(Exchange exchange, Surface surface, @Nullable TopLevelFields fields) {
    return surface == Surface.CHAT_COMPLETIONS
        && fields != null
        && fields.isStream()
        && !options(exchange, fields).path(INCLUDE).booleanValue(false);
  }

  /** The policy's additions to the body, and the question for the usage. */
  static Extras asked(Extras extras, Exchange exchange, TopLevelFields fields) {
    ObjectNode asked = JsonNodeFactory.instance.objectNode();
    if (options(exchange, fields) instanceof ObjectNode client) {
      asked.setAll(client);
    }
    asked.put(INCLUDE, true);
    Map<String, byte[]> body = new LinkedHashMap<>(extras.body());
    body.putIfAbsent(OPTIONS, asked.toString().getBytes(StandardCharsets.UTF_8));
    return new Extras(extras.headers(), extras.query(), body);
  }

  private static JsonNode options(Exchange exchange, TopLevelFields fields) {
    int field = fields.find(OPTIONS);
    return field < 0
        ? JsonNodeFactory.instance.missingNode()
        : JSON.readTree(exchange.body().getBytes(fields.valueOffset(field), fields.end(field)));
  }
}
