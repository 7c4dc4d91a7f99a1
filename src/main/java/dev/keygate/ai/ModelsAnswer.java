package dev.keygate.ai;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Format;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.exchange.Surface;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code GET /v1/models} and {@code /v1/models/{id}}: the models of the catalog whose provider
 * could be called for this request. In Anthropic's shape when the client says {@code
 * anthropic-version}, else in OpenAI's. All of them are on one page.
 */
final class ModelsAnswer {
  private static final JsonMapper JSON = new JsonMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String PATH = Surface.PREFIX + "/models";

  private final ModelCatalog catalog;
  private final ProviderTable providers;
  private final KeyScope keyScope;

  ModelsAnswer(ModelCatalog catalog, ProviderTable providers, KeyScope keyScope) {
    this.keyScope = keyScope;
    this.catalog = catalog;
    this.providers = providers;
  }

  Outcome to(Exchange exchange, Function<Provider, KeyChoice.Keys> keysOf) {
    if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
      return Outcome.refuse(
          ErrorCode.METHOD_NOT_ALLOWED, exchange.method() + ": models can only be read (GET)");
    }
    Format format = exchange.format();
    List<ModelCatalog.Model> usable =
        usable(format, keysOf).stream()
            .filter(model -> keyScope.allows(exchange.key(), model))
            .toList();
    if (exchange.path().length() <= PATH.length() + 1) {
      return respond(list(format, usable));
    }
    String id = decoded(exchange.path().substring(PATH.length() + 1));
    ModelCatalog.Model wanted = catalog.find(id);
    if (wanted == null || !usable.contains(wanted)) {
      return Outcome.refuse(
          ErrorCode.MODEL_NOT_FOUND, "There is no model '" + id + "' that this key may use");
    }
    return respond(one(format, wanted));
  }

  private List<ModelCatalog.Model> usable(
      Format format, Function<Provider, KeyChoice.Keys> keysOf) {
    return catalog.models().stream().filter(model -> isUsable(model, format, keysOf)).toList();
  }

  private boolean isUsable(
      ModelCatalog.Model model, Format format, Function<Provider, KeyChoice.Keys> keysOf) {
    Provider provider = providers.find(model.providerId());
    return provider != null
        && provider.speaks(format)
        && !(keysOf.apply(provider) instanceof KeyChoice.Keys.Missing);
  }

  private static ObjectNode list(Format format, List<ModelCatalog.Model> models) {
    ArrayNode data = NODES.arrayNode();
    models.forEach(model -> data.add(one(format, model)));
    ObjectNode list = NODES.objectNode();
    switch (format) {
      case OPENAI -> list.put("object", "list").set("data", data);
      case ANTHROPIC -> {
        list.set("data", data);
        list.put("has_more", false);
        list.put("first_id", models.isEmpty() ? null : models.getFirst().id());
        list.put("last_id", models.isEmpty() ? null : models.getLast().id());
      }
    }
    return list;
  }

  private static ObjectNode one(Format format, ModelCatalog.Model model) {
    Instant released = model.released();
    ObjectNode node = NODES.objectNode().put("id", model.id());
    return switch (format) {
      case OPENAI ->
          node.put("object", "model")
              .put("created", released.getEpochSecond())
              .put("owned_by", model.providerId());
      case ANTHROPIC ->
          node.put("type", "model")
              .put("display_name", model.id())
              .put("created_at", released.toString());
    };
  }

  private static Outcome respond(ObjectNode body) {
    MultiMap headers =
        HttpHeaders.headers().set(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8");
    Buffer bytes = Buffer.buffer(JSON.writeValueAsBytes(body));
    return new Outcome.Respond(new Response(200, headers, new ResponseBody.Whole(bytes)));
  }

  private static String decoded(String raw) {
    try {
      return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Not percent-encoding after all: then it is the name itself, which the catalog has not.
      return raw;
    }
  }
}
