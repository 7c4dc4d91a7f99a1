package dev.keygate.ai;

import dev.keygate.ai.Candidate.Access;
import dev.keygate.ai.Candidate.Listing;
import dev.keygate.ai.Candidate.Origin;
import dev.keygate.ai.catalog.Catalog;
import dev.keygate.ai.catalog.Kind;
import dev.keygate.ai.catalog.Model;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The models of one action, by every name that they have: those of the catalog and those that the
 * policy configures, each with whether requests may go there. Names are found in any letter case.
 * Immutable.
 */
final class ModelTable {
  private final Map<String, Candidate> all = new LinkedHashMap<>();
  private final Map<String, List<Candidate>> byName = new HashMap<>();
  private final Set<String> allowedProviders = new HashSet<>();
  private final Catalog catalog;
  private final ProviderTable providers;
  private final AiGatewayConfig config;

  ModelTable(Catalog catalog, ProviderTable providers, AiGatewayConfig config) {
    this.catalog = catalog;
    this.providers = providers;
    this.config = config;
    allowProviders();
    // What a policy names comes before what the catalog does: first among a name's candidates,
    // and alone where it gives a known name to another model.
    Map<String, List<Candidate>> own = new HashMap<>();
    config.providers().forEach(provider -> configured(provider, own));
    for (Model model : catalog.models()) {
      fromCatalog(model);
    }
    byName.putAll(own);
  }

  /** All models, those of the policy first; also those where no request may go. */
  Collection<Candidate> all() {
    return all.values();
  }

  /** The models with this id or alias; never with a provider's name before it. */
  List<Candidate> named(String name) {
    List<Candidate> exact = byName.get(name);
    return exact != null ? exact : byName.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  /** That provider's model of this name; one that is known by its name alone if need be. */
  Candidate of(Provider provider, String model) {
    for (Candidate candidate : named(model)) {
      if (candidate.provider().id().equals(provider.id())) {
        return candidate;
      }
    }
    Candidate known = all.get(key(provider.id(), model));
    return known == null ? Candidate.unknown(provider, model, unknownAt(provider)) : known;
  }

  /** That provider with a request that names no model. */
  Candidate untouched(Provider provider) {
    return Candidate.unknown(provider, "", accessTo(provider));
  }

  /** The model at the provider that names like this one belong to, or null. */
  @Nullable Candidate byPrefix(String name) {
    String id = catalog.providerByPrefix(name);
    Provider provider = id == null ? null : providers.find(id);
    return provider == null ? null : Candidate.unknown(provider, name, unknownAt(provider));
  }

  ProviderTable providers() {
    return providers;
  }

  private void allowProviders() {
    Set<String> disabled = new HashSet<>();
    for (ProviderConfig entry : config.providers()) {
      if (entry.isDisabled()) {
        disabled.add(entry.id());
      } else {
        allowedProviders.add(entry.id());
      }
    }
    if (!config.access().onlyConfiguredProviders()) {
      providers.all().stream()
          .map(Provider::id)
          .filter(id -> !disabled.contains(id))
          .forEach(allowedProviders::add);
    }
  }

  private void configured(ProviderConfig entry, Map<String, List<Candidate>> own) {
    Provider provider = providers.find(entry.id());
    if (provider == null) {
      throw new IllegalStateException("no provider " + entry.id());
    }
    for (ModelConfig said : entry.models()) {
      Model known = catalog.find(provider.id(), said.id());
      Access access =
          accessTo(provider) == Access.ALLOWED && said.isDisabled()
              ? Access.MODEL_NOT_ALLOWED
              : accessTo(provider);
      Candidate candidate = ModelChange.candidate(provider, known, said, access);
      all.put(key(provider.id(), candidate.model()), candidate);
      Set<String> names = new HashSet<>();
      names.add(said.id().toLowerCase(Locale.ROOT));
      candidate.listing().facts().aliases().forEach(names::add);
      names.add(candidate.model().toLowerCase(Locale.ROOT));
      names.forEach(name -> add(own, name, candidate));
    }
  }

  private void fromCatalog(Model model) {
    Provider provider = providers.find(model.providerId());
    String key = key(model.providerId(), model.id());
    if (provider == null || all.containsKey(key)) {
      return;
    }
    Access access = unknownAt(provider);
    Candidate candidate =
        new Candidate(
            provider,
            model.id(),
            new Listing(
                model,
                Origin.CATALOG,
                access,
                "",
                provider.about().metadata(),
                model.unsupportedParams()));
    all.put(key, candidate);
    add(byName, model.id().toLowerCase(Locale.ROOT), candidate);
    model.aliases().forEach(alias -> add(byName, alias, candidate));
  }

  private static void add(Map<String, List<Candidate>> names, String name, Candidate candidate) {
    names.merge(
        name,
        List.of(candidate),
        (known, added) -> {
          List<Candidate> both = new ArrayList<>(known);
          both.addAll(added);
          return List.copyOf(both);
        });
  }

  private Access accessTo(Provider provider) {
    return allowedProviders.contains(provider.id()) ? Access.ALLOWED : Access.PROVIDER_NOT_ALLOWED;
  }

  /** Whether a model may be used that the policy does not list. */
  private Access unknownAt(Provider provider) {
    Access access = accessTo(provider);
    return access == Access.ALLOWED && config.access().onlyConfiguredModels()
        ? Access.MODEL_NOT_ALLOWED
        : access;
  }

  private static String key(String providerId, String model) {
    return providerId + ':' + model.toLowerCase(Locale.ROOT);
  }

  static boolean isFor(Candidate candidate, Kind kind) {
    return candidate.listing().facts().kind() == kind;
  }
}
