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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code GET /v1/models} and {@code /v1/models/{id}}: the models that this request's key may use
 * and whose provider could be called for it. In Anthropic's shape when the client says {@code
 * anthropic-version}, else in OpenAI's. All of them are on one page.
 */
final class ModelsAnswer {
  private static final JsonMapper JSON = new JsonMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String PATH = Surface.PREFIX + "/models";

  private final ModelTable table;

  ModelsAnswer(ModelTable table) {
    this.table = table;
  }

  Outcome to(Exchange exchange, Function<Provider, KeyChoice.Keys> keysOf) {
    if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
      return Outcome.refuse(
          ErrorCode.METHOD_NOT_ALLOWED, exchange.method() + ": models can only be read (GET)");
    }
    Format format = exchange.format();
    List<Candidate> usable =
        usable(format, keysOf).stream()
            .filter(candidate -> KeyScope.allows(exchange.key(), candidate))
            .toList();
    if (exchange.path().length() <= PATH.length() + 1) {
      return respond(list(format, usable));
    }
    String id = decoded(exchange.path().substring(PATH.length() + 1));
    Candidate wanted = usable.stream().filter(each -> isNamed(each, id)).findFirst().orElse(null);
    if (wanted == null) {
      return Outcome.refuse(
          ErrorCode.MODEL_NOT_FOUND, "There is no model '" + id + "' that this key may use");
    }
    return respond(one(format, wanted));
  }

  private List<Candidate> usable(Format format, Function<Provider, KeyChoice.Keys> keysOf) {
    Map<String, Boolean> callable = new HashMap<>();
    return table.all().stream()
        .filter(Candidate::isAllowed)
        .filter(candidate -> candidate.provider().speaks(format))
        .filter(candidate ->
            callable.computeIfAbsent(
                candidate.provider().id(), id -> isCallable(keysOf.apply(candidate.provider()))))
        .toList();
  }

  private static boolean isCallable(KeyChoice.Keys keys) {
    return switch (keys) {
      case KeyChoice.Keys.These these -> true;
      case KeyChoice.Keys.NoneNeeded none -> true;
      case KeyChoice.Keys.Missing missing -> false;
      case KeyChoice.Keys.LeftOut leftOut -> false;
    };
  }

  /** Whether a client that asks for this name means that model; a provider may stand before it. */
  private boolean isNamed(Candidate candidate, String name) {
    if (table.named(name).contains(candidate)) {
      return true;
    }
    int colon = name.indexOf(':');
    Provider provider = colon < 0 ? null : table.providers().find(name.substring(0, colon));
    return provider != null && candidate.equals(table.of(provider, name.substring(colon + 1)));
  }

  private static ObjectNode list(Format format, List<Candidate> models) {
    ArrayNode data = NODES.arrayNode();
    Set<String> seen = new HashSet<>();
    List<String> ids = new ArrayList<>();
    for (Candidate candidate : models) {
      // Two providers may serve one name: it is one model to who asks by that name.
      if (seen.add(candidate.model())) {
        data.add(one(format, candidate));
        ids.add(candidate.model());
      }
    }
    ObjectNode list = NODES.objectNode();
    switch (format) {
      case OPENAI -> list.put("object", "list").set("data", data);
      case ANTHROPIC -> {
        list.set("data", data);
        list.put("has_more", false);
        list.put("first_id", ids.isEmpty() ? null : ids.getFirst());
        list.put("last_id", ids.isEmpty() ? null : ids.getLast());
      }
    }
    return list;
  }

  private static ObjectNode one(Format format, Candidate candidate) {
    Instant released = candidate.listing().facts().released();
    ObjectNode node = NODES.objectNode().put("id", candidate.model());
    return switch (format) {
      case OPENAI ->
          node.put("object", "model")
              .put("created", released.getEpochSecond())
              .put("owned_by", candidate.provider().id());
      case ANTHROPIC ->
          node.put("type", "model")
              .put("display_name", candidate.listing().facts().displayName())
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
