package dev.keygate.ai.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The providers, authors and models that are known by name, and to whom names go that are not
 * (SPEC.md section 7). Names are found in any letter case. Immutable.
 */
public final class Catalog {
  private static final String RESOURCE = "catalog.json";

  /**
   * To whom unknown names go that begin so.
   *
   * @param text in lower case
   */
  record Prefix(String text, String providerId) {}

  private final List<ProviderFacts> providers;
  private final List<Author> authors;
  private final List<Model> models;
  private final List<Prefix> prefixes;
  private final Map<String, List<Model>> byName = new HashMap<>();

  Catalog(
      List<ProviderFacts> providers,
      List<Author> authors,
      List<Model> models,
      List<Prefix> prefixes) {
    this.providers = List.copyOf(providers);
    this.authors = List.copyOf(authors);
    this.models = List.copyOf(models);
    this.prefixes = List.copyOf(prefixes);
    for (Model model : models) {
      index(model.id().toLowerCase(Locale.ROOT), model);
      model.aliases().forEach(alias -> index(alias, model));
    }
  }

  /**
   * The catalog that the program comes with.
   *
   * @throws IllegalStateException if the program was packed without it
   */
  public static Catalog builtIn() {
    try (InputStream in = Catalog.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("no " + RESOURCE + " beside " + Catalog.class);
      }
      return CatalogReader.read(in.readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException(RESOURCE + " cannot be read", e);
    }
  }

  /**
   * This catalog with another's entries: those that are here too take the place of these, the rest
   * is added. The other's prefixes count first.
   */
  public Catalog with(Catalog other) {
    List<Prefix> joined = new ArrayList<>(other.prefixes);
    joined.addAll(prefixes);
    return new Catalog(
        joined(providers, other.providers, ProviderFacts::id),
        joined(authors, other.authors, Author::id),
        joined(models, other.models, model -> model.providerId() + ':' + model.id()),
        joined);
  }

  /** All providers, in the order in which they are documented. */
  public List<ProviderFacts> providers() {
    return providers;
  }

  public List<Author> authors() {
    return authors;
  }

  /** All models, in order of preference. */
  public List<Model> models() {
    return models;
  }

  /** The models with this id or alias in any letter case, in order of preference. */
  public List<Model> named(String name) {
    List<Model> exact = byName.get(name);
    return exact != null ? exact : byName.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  /** That provider's model with this id or alias in any letter case, or null. */
  public @Nullable Model find(String providerId, String name) {
    for (Model model : named(name)) {
      if (model.providerId().equals(providerId)) {
        return model;
      }
    }
    return null;
  }

  /** The id of the provider that a name which is not in the catalog belongs to, or null. */
  public @Nullable String providerByPrefix(String name) {
    for (Prefix prefix : prefixes) {
      if (name.regionMatches(true, 0, prefix.text(), 0, prefix.text().length())) {
        return prefix.providerId();
      }
    }
    return null;
  }

  private void index(String name, Model model) {
    byName.merge(
        name,
        List.of(model),
        (known, added) -> {
          List<Model> both = new ArrayList<>(known);
          both.addAll(added);
          return List.copyOf(both);
        });
  }

  private static <T> List<T> joined(List<T> first, List<T> second, Function<T, String> id) {
    Map<String, T> all = new LinkedHashMap<>();
    first.forEach(one -> all.put(id.apply(one), one));
    second.forEach(one -> all.put(id.apply(one), one));
    return List.copyOf(all.values());
  }
}
