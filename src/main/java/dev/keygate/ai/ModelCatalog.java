package dev.keygate.ai;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The models that are known by name, and to whom names go that are not (SPEC.md section 7): the
 * contents of {@code models.json}. Names are found in any letter case. Immutable.
 */
public final class ModelCatalog {
  private static final String RESOURCE = "models.json";

  /** What a model is for. */
  enum Kind {
    CHAT,
    EMBEDDING,
    OTHER
  }

  /**
   * A model of the catalog.
   *
   * @param id as its provider takes it
   * @param released when it came out, or the epoch when that is not documented
   */
  record Model(String id, String providerId, Kind kind, Instant released) {}

  private record Prefix(String text, String providerId) {}

  private final List<Model> models;
  private final Map<String, Model> byId;
  private final List<Prefix> prefixes;

  private ModelCatalog(List<Model> models, List<Prefix> prefixes) {
    this.models = List.copyOf(models);
    this.prefixes = List.copyOf(prefixes);
    this.byId = new HashMap<>();
    models.forEach(model -> byId.put(model.id().toLowerCase(Locale.ROOT), model));
  }

  /**
   * The catalog that the program comes with.
   *
   * @throws IllegalStateException if the program was packed without it
   */
  public static ModelCatalog builtIn() {
    try (InputStream in = ModelCatalog.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("no " + RESOURCE + " beside " + ModelCatalog.class);
      }
      JsonNode document = new JsonMapper().readTree(in.readAllBytes());
      List<Model> models = new ArrayList<>();
      document.path("models").forEach(entry -> models.add(model(entry)));
      List<Prefix> prefixes = new ArrayList<>();
      document
          .path("prefixes")
          .forEach(
              entry -> prefixes.add(new Prefix(text(entry, "prefix"), text(entry, "provider"))));
      return new ModelCatalog(models, prefixes);
    } catch (IOException e) {
      throw new IllegalStateException(RESOURCE + " cannot be read", e);
    }
  }

  /** All models, in order of preference. */
  List<Model> models() {
    return models;
  }

  /** The model with this name in any letter case, or null. */
  @Nullable Model find(String name) {
    Model exact = byId.get(name);
    return exact != null ? exact : byId.get(name.toLowerCase(Locale.ROOT));
  }

  /** The id of the provider that a name which is not in the catalog belongs to, or null. */
  @Nullable String providerByPrefix(String name) {
    for (Prefix prefix : prefixes) {
      if (name.regionMatches(true, 0, prefix.text(), 0, prefix.text().length())) {
        return prefix.providerId();
      }
    }
    return null;
  }

  private static Model model(JsonNode entry) {
    String released = entry.path("released").asString("");
    return new Model(
        text(entry, "id"),
        text(entry, "provider"),
        Kind.valueOf(text(entry, "kind").toUpperCase(Locale.ROOT)),
        released.isEmpty()
            ? Instant.EPOCH
            : LocalDate.parse(released).atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  private static String text(JsonNode entry, String field) {
    return entry.required(field).asString();
  }
}
