package dev.keygate.ai;

import dev.keygate.ai.CandidateRecord.Fate;
import dev.keygate.ai.catalog.Kind;
import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Refusal;
import dev.keygate.exchange.Surface;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may serve a request, by the names it gives (SPEC.md section 7). Pure: the same names on the
 * same surface give the same candidates, and none that the policy does not allow.
 */
final class Candidates {
  /** What a method that makes no model work may do without naming one. */
  private static final Set<String> HARMLESS = Set.of("GET", "HEAD", "DELETE");

  private static final Set<String> AUTO = Set.of("ngrok/auto", "keygate/auto");

  private final ModelTable table;
  private final boolean onlyConfiguredModels;

  Candidates(ModelTable table, AiGatewayConfig.Access access) {
    this.table = table;
    this.onlyConfiguredModels = access.onlyConfiguredModels();
  }

  /** What names came to. */
  sealed interface Resolution {
    /**
     * At least one candidate, in the order in which they are tried, none twice.
     *
     * @param order whose it is
     */
    record Found(List<Candidate> candidates, Order order) implements Resolution {}

    record None(Refusal refusal) implements Resolution {}
  }

  /** Who put candidates in their order. */
  enum Order {
    /** The client, by naming them: a strategy only takes some out. */
    CLIENT,
    /** Nobody: a strategy decides. */
    OPEN,
    /** The request names no model and needs none: there is nothing to choose models by. */
    UNTOUCHED
  }

  /** The candidates for the names that a body gives, the first being its {@code model}. */
  Resolution named(Surface surface, List<String> names) {
    if (names.size() == 1) {
      List<Candidate> only = lookUp(names.getFirst());
      if (only.size() == 1 && isAllowedOn(surface, only.getFirst())) {
        return new Resolution.Found(only, Order.CLIENT);
      }
    }
    Set<Candidate> found = new LinkedHashSet<>();
    Set<Candidate> translated = new LinkedHashSet<>();
    Order order = Order.CLIENT;
    for (String name : names) {
      if (isAuto(name)) {
        order = Order.OPEN;
        found.addAll(automatic(surface));
        continue;
      }
      for (Candidate candidate : lookUp(name)) {
        if (isAllowedOn(surface, candidate)) {
          found.add(candidate);
        } else if (isTranslatedOn(surface, candidate)) {
          translated.add(candidate);
        }
      }
    }
    // What needs no translation goes first, whatever the client's order.
    found.addAll(translated);
    return found.isEmpty() ? none(surface, names) : new Resolution.Found(List.copyOf(found), order);
  }

  /**
   * The candidates for a request that names no model: models of the catalog where the surface
   * cannot do without one, else every provider that speaks the format, with the request as it is.
   */
  Resolution unnamed(Surface surface, String method) {
    if (needsModel(surface)) {
      List<Candidate> found = automatic(surface);
      return found.isEmpty() ? none(surface, List.of()) : new Resolution.Found(found, Order.OPEN);
    }
    if (onlyConfiguredModels && !HARMLESS.contains(method)) {
      // What it would run cannot be told, so that it cannot be said to be allowed.
      return new Resolution.None(
          Refusal.of(
              ErrorCode.MODEL_NOT_ALLOWED,
              "A request without a model is not allowed by gateway configuration"));
    }
    List<Candidate> found =
        table.providers().all().stream()
            .map(table::untouched)
            .filter(candidate -> isAllowedOn(surface, candidate))
            .toList();
    return found.isEmpty()
        ? none(surface, List.of())
        : new Resolution.Found(found, Order.UNTOUCHED);
  }

  /**
   * What of the names a client gives is no candidate, and why.
   *
   * @param most how many are told
   */
  List<CandidateRecord> rejected(Surface surface, List<String> names, int most) {
    List<CandidateRecord> rejected = new ArrayList<>(0);
    for (String name : names.subList(0, Math.min(most, names.size()))) {
      if (isAuto(name)) {
        continue;
      }
      List<Candidate> meant = lookUp(name);
      if (meant.isEmpty()) {
        rejected.add(new CandidateRecord("", name, "", Fate.UNKNOWN_MODEL));
      }
      for (Candidate candidate : meant) {
        if (!candidate.isAllowed()) {
          rejected.add(CandidateRecord.of(candidate, fate(candidate.listing().access())));
        } else if (!candidate.provider().serves(surface) && !isTranslatedOn(surface, candidate)) {
          rejected.add(CandidateRecord.of(candidate, Fate.SURFACE_NOT_SERVED));
        }
      }
    }
    return rejected.size() <= most ? rejected : rejected.subList(0, most);
  }

  private static Fate fate(Candidate.Access access) {
    return access == Candidate.Access.PROVIDER_NOT_ALLOWED
        ? Fate.PROVIDER_NOT_ALLOWED
        : Fate.MODEL_NOT_ALLOWED;
  }

  private static boolean isAuto(String name) {
    return AUTO.contains(name) || AUTO.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Whether requests are translated for a candidate that does not speak the surface's format. */
  private static boolean isTranslatedOn(Surface surface, Candidate candidate) {
    return candidate.isAllowed() && Dialects.of(candidate.provider(), surface) != null;
  }

  private static boolean isAllowedOn(Surface surface, Candidate candidate) {
    return candidate.isAllowed() && candidate.provider().serves(surface);
  }

  /** Every candidate that a name means, allowed or not. */
  private List<Candidate> lookUp(String name) {
    List<Candidate> plain = table.named(name);
    if (!plain.isEmpty()) {
      return plain;
    }
    int colon = name.indexOf(':');
    if (colon > 0 && colon < name.length() - 1) {
      Provider provider = table.providers().find(name.substring(0, colon));
      if (provider != null) {
        return List.of(table.of(provider, name.substring(colon + 1)));
      }
    }
    Candidate guessed = table.byPrefix(name);
    return guessed == null ? List.of() : List.of(guessed);
  }

  private List<Candidate> automatic(Surface surface) {
    Kind kind = kind(surface);
    List<Candidate> found = new ArrayList<>();
    List<Candidate> translated = new ArrayList<>();
    for (Candidate candidate : table.all()) {
      if (ModelTable.isFor(candidate, kind)) {
        if (isAllowedOn(surface, candidate)) {
          found.add(candidate);
        } else if (isTranslatedOn(surface, candidate)) {
          translated.add(candidate);
        }
      }
    }
    return found.isEmpty() ? translated : found;
  }

  private Resolution none(Surface surface, List<String> names) {
    for (String name : names) {
      for (Candidate candidate : lookUp(name)) {
        Refusal refusal = refusal(candidate);
        if (refusal != null) {
          return new Resolution.None(refusal);
        }
      }
    }
    return new Resolution.None(Refusal.of(ErrorCode.NO_CANDIDATE, nobody(surface, names)));
  }

  /** Why the policy does not let the request go there; null where it does. */
  private static @Nullable Refusal refusal(Candidate candidate) {
    return switch (candidate.listing().access()) {
      case ALLOWED -> null;
      case PROVIDER_NOT_ALLOWED ->
          Refusal.of(
              ErrorCode.PROVIDER_NOT_ALLOWED,
              "Provider '"
                  + candidate.provider().id()
                  + "' is not allowed by gateway configuration");
      case MODEL_NOT_ALLOWED ->
          Refusal.of(
              ErrorCode.MODEL_NOT_ALLOWED,
              "Model '" + candidate.model() + "' is not allowed by gateway configuration");
    };
  }

  private String nobody(Surface surface, List<String> names) {
    if (names.isEmpty() || isAuto(names.getFirst())) {
      return "No provider serves the " + surface.id() + " surface";
    }
    String model = "model '" + names.getFirst() + '\'';
    List<Candidate> meant = lookUp(names.getFirst());
    return meant.isEmpty()
        ? "No provider is known to serve " + model + "; name one, as in 'openai:gpt-4o'"
        : "Provider '"
            + meant.getFirst().provider().id()
            + "' of "
            + model
            + " does not serve the "
            + surface.id()
            + " surface";
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
