package dev.keygate.control;

import dev.keygate.ai.catalog.Catalog;
import dev.keygate.ai.catalog.Model;
import dev.keygate.ai.catalog.Prices;
import java.time.Instant;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /models}: what the gateway knows of models, and of which it has keys. */
final class ModelList {
  static final String OPERATION = "models.list";

  private final ModelSource source;

  ModelList(ModelSource source) {
    this.source = source;
  }

  /** All of them, in order of preference; there are few enough for one page. */
  Answer answer() {
    Catalog catalog = source.catalog();
    ObjectNode shown = Json.object();
    ArrayNode models = shown.putArray("models");
    catalog.models().forEach(model -> models.add(fields(model)));
    shown.put("uri", "/models");
    shown.putNull("next_page_uri");
    return Answer.ok(shown);
  }

  private ObjectNode fields(Model model) {
    ObjectNode shown = Json.object();
    shown.put("id", model.providerId() + ":" + model.id());
    shown.put("provider_id", model.providerId());
    shown.put("model", model.id());
    ArrayNode aliases = shown.putArray("aliases");
    model.aliases().forEach(aliases::add);
    shown.put("display_name", model.displayName());
    shown.put("kind", model.kind().name().toLowerCase(Locale.ROOT));
    Json.putTime(
        shown, "released", model.released().equals(Instant.EPOCH) ? null : model.released());
    putKnown(shown, "context_window", model.contextWindow());
    putKnown(shown, "max_output_tokens", model.maxOutputTokens());
    Prices prices = model.prices();
    putPrice(shown, "input_usd_per_million", prices.input());
    putPrice(shown, "output_usd_per_million", prices.output());
    shown.put("managed_provider_keys", source.managedKeys(model.providerId()));
    return shown;
  }

  private static void putKnown(ObjectNode shown, String field, long tokens) {
    if (tokens > 0) {
      shown.put(field, tokens);
    } else {
      shown.putNull(field);
    }
  }

  private static void putPrice(ObjectNode shown, String field, double dollars) {
    if (Double.isNaN(dollars)) {
      shown.putNull(field);
    } else {
      shown.put(field, dollars);
    }
  }
}
