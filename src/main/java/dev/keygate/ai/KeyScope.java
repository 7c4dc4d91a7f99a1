package dev.keygate.ai;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.key.GatewayKey;
import dev.keygate.key.KeyLimits;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which providers and models a gateway key may use (SPEC.md sections 3 and 7). */
final class KeyScope {
  /** What a method that makes no model work may do without naming one. */
  private static final Set<String> HARMLESS = Set.of("GET", "HEAD", "DELETE");

  private final ModelCatalog catalog;

  KeyScope(ModelCatalog catalog) {
    this.catalog = catalog;
  }

  /** What a key's scope leaves of the candidates. */
  sealed interface Scoped {
    /** At least one. */
    record Left(List<Candidate> candidates) implements Scoped {}

    record Refused(Outcome outcome) implements Scoped {}
  }

  /** Takes out the candidates that the request's key may not use. */
  Scoped within(List<Candidate> candidates, Exchange exchange) {
    KeyLimits limits = limits(exchange.key());
    if (limits.allowedModels().isEmpty() && limits.allowedProviders().isEmpty()) {
      return new Scoped.Left(candidates);
    }
    List<Candidate> left =
        candidates.stream()
            .filter(candidate -> refusal(candidate, limits, exchange.method()) == null)
            .toList();
    if (!left.isEmpty()) {
      return new Scoped.Left(left);
    }
    Outcome refusal = refusal(candidates.getFirst(), limits, exchange.method());
    return refusal == null ? new Scoped.Left(candidates) : new Scoped.Refused(refusal);
  }

  /** Whether the key may use a model of the catalog. */
  boolean allows(@Nullable GatewayKey key, ModelCatalog.Model model) {
    KeyLimits limits = limits(key);
    return allowsProvider(limits, model.providerId())
        && allowsModel(limits, model.providerId(), model.id());
  }

  private @Nullable Outcome refusal(Candidate candidate, KeyLimits limits, String method) {
    String provider = candidate.provider().id();
    String model = candidate.model();
    if (!allowsProvider(limits, provider)) {
      return Outcome.refuse(
          ErrorCode.PROVIDER_NOT_ALLOWED,
          "Provider '" + provider + "' is not allowed by gateway configuration");
    }
    if (model.isEmpty() && !limits.allowedModels().isEmpty()) {
      // What it would run cannot be told, so that it cannot be said to be allowed.
      return HARMLESS.contains(method)
          ? null
          : Outcome.refuse(
              ErrorCode.MODEL_NOT_ALLOWED,
              "A request without a model is not allowed by gateway configuration");
    }
    return allowsModel(limits, provider, model)
        ? null
        : Outcome.refuse(
            ErrorCode.MODEL_NOT_ALLOWED,
            "Model '" + model + "' is not allowed by gateway configuration");
  }

  private static boolean allowsProvider(KeyLimits limits, String provider) {
    return limits.allowedProviders().isEmpty()
        || limits.allowedProviders().contains(provider.toLowerCase(Locale.ROOT));
  }

  private boolean allowsModel(KeyLimits limits, String provider, String model) {
    Set<String> allowed = limits.allowedModels();
    String name = model.toLowerCase(Locale.ROOT);
    return allowed.isEmpty()
        || allowed.contains(name)
        || allowed.contains(provider.toLowerCase(Locale.ROOT) + ':' + name)
        || allowed.stream().anyMatch(each -> isAlias(each, provider, model));
  }

  /** Whether the catalog knows a name as this provider's model. */
  private boolean isAlias(String name, String provider, String model) {
    int colon = name.indexOf(':');
    String plain = colon < 0 ? name : name.substring(colon + 1);
    ModelCatalog.Model known = catalog.find(plain);
    return known != null
        && known.id().equals(model)
        && known.providerId().equals(provider)
        && (colon < 0 || name.startsWith(provider + ':'));
  }

  private static KeyLimits limits(@Nullable GatewayKey key) {
    return key == null ? KeyLimits.NONE : key.limits();
  }
}
