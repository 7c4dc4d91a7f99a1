package dev.keygate.ai;

import dev.keygate.ai.ModelCatalog.Kind;
import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Format;
import dev.keygate.exchange.Refusal;
import dev.keygate.exchange.Surface;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may serve a request, by the names it gives (SPEC.md section 7). Pure: the same names on the
 * same surface give the same candidates.
 */
final class Candidates {
  private static final Set<String> AUTO = Set.of("ngrok/auto", "keygate/auto");

  private final ModelCatalog catalog;
  private final ProviderTable providers;

  Candidates(ModelCatalog catalog, ProviderTable providers) {
    this.catalog = catalog;
    this.providers = providers;
  }

  /** What names came to. */
  sealed interface Resolution {
    /** At least one candidate, in the order in which they are tried, none twice. */
    record Found(List<Candidate> candidates) implements Resolution {}

    record None(Refusal refusal) implements Resolution {}
  }

  /** The candidates for the names that a body gives, the first being its {@code model}. */
  Resolution named(Surface surface, List<String> names) {
    if (names.size() == 1) {
      Candidate only = one(names.getFirst());
      if (only != null && only.provider().speaks(surface.format())) {
        return new Resolution.Found(List.of(only));
      }
    }
    Set<Candidate> found = new LinkedHashSet<>();
    for (String name : names) {
      if (isAuto(name)) {
        found.addAll(automatic(surface));
        continue;
      }
      Candidate candidate = one(name);
      if (candidate != null && candidate.provider().speaks(surface.format())) {
        found.add(candidate);
      }
    }
    return found.isEmpty() ? none(surface, names) : new Resolution.Found(List.copyOf(found));
  }

  /**
   * The candidates for a request that names no model: models of the catalog where the surface
   * cannot do without one, else every provider that speaks the format, with the request as it is.
   */
  Resolution unnamed(Surface surface) {
    List<Candidate> found = needsModel(surface) ? automatic(surface) : untouched(surface.format());
    return found.isEmpty() ? none(surface, List.of()) : new Resolution.Found(found);
  }

  private static boolean isAuto(String name) {
    return AUTO.contains(name);
  }

  private @Nullable Candidate one(String name) {
    int colon = name.indexOf(':');
    if (colon > 0 && colon < name.length() - 1) {
      Provider provider = providers.find(name.substring(0, colon));
      if (provider != null) {
        return new Candidate(provider, ofProvider(provider, name.substring(colon + 1)));
      }
    }
    ModelCatalog.Model known = catalog.find(name);
    String providerId = known == null ? catalog.providerByPrefix(name) : known.providerId();
    Provider provider = providerId == null ? null : providers.find(providerId);
    return provider == null ? null : new Candidate(provider, known == null ? name : known.id());
  }

  /** The model as the catalog spells it if it is that provider's, else as the client did. */
  private String ofProvider(Provider provider, String model) {
    ModelCatalog.Model known = catalog.find(model);
    return known != null && known.providerId().equals(provider.id()) ? known.id() : model;
  }

  private List<Candidate> automatic(Surface surface) {
    Kind kind = kind(surface);
    List<Candidate> found = new ArrayList<>();
    for (ModelCatalog.Model model : catalog.models()) {
      Provider provider = model.kind() == kind ? providers.find(model.providerId()) : null;
      if (provider != null && provider.speaks(surface.format())) {
        found.add(new Candidate(provider, model.id()));
      }
    }
    return found;
  }

  private List<Candidate> untouched(Format format) {
    return providers.all().stream()
        .filter(provider -> provider.speaks(format))
        .map(provider -> new Candidate(provider, ""))
        .toList();
  }

  private Resolution none(Surface surface, List<String> names) {
    String message;
    if (names.isEmpty()) {
      message = "No provider serves the " + surface.id() + " surface";
    } else {
      Candidate first = one(names.getFirst());
      String model = "model '" + names.getFirst() + '\'';
      message =
          first == null
              ? "No provider is known to serve " + model + "; name one, as in 'openai:gpt-4o'"
              : "Provider '"
                  + first.provider().id()
                  + "' of "
                  + model
                  + " does not serve the "
                  + surface.id()
                  + " surface";
    }
    return new Resolution.None(Refusal.of(ErrorCode.NO_CANDIDATE, message));
  }

  private static boolean needsModel(Surface surface) {
    return switch (surface) {
      case CHAT_COMPLETIONS, COMPLETIONS, EMBEDDINGS, MESSAGES, COUNT_TOKENS -> true;
      case RESPONSES, MODERATIONS, RERANK, IMAGES, AUDIO, FILES, BATCHES, MODELS -> false;
    };
  }

  private static Kind kind(Surface surface) {
    return switch (surface) {
      case CHAT_COMPLETIONS, COMPLETIONS, RESPONSES, MESSAGES, COUNT_TOKENS -> Kind.CHAT;
      case EMBEDDINGS -> Kind.EMBEDDING;
      case MODERATIONS, RERANK, IMAGES, AUDIO, FILES, BATCHES, MODELS -> Kind.OTHER;
    };
  }
}
