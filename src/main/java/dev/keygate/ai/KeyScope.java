package dev.keygate.ai;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Refusal;
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

  private KeyScope() {}

  /** What a key's scope leaves of the candidates. */
  sealed interface Scoped {
    /** At least one. */
    record Left(List<Candidate> candidates) implements Scoped {}

    record Refused(Refusal refusal) implements Scoped {}
  }

  /** Takes out the candidates that the request's key may not use. */
  static Scoped within(List<Candidate> candidates, Exchange exchange) {
    KeyLimits limits = limits(exchange.key());
    if (limits.allowedModels().isEmpty() && limits.allowedProviders().isEmpty()) {
      return new Scoped.Left(candidates);
    }
    if (areAllAllowed(candidates, limits, exchange.method())) {
      return new Scoped.Left(candidates);
    }
    List<Candidate> left =
        candidates.stream()
            .filter(candidate -> refusal(candidate, limits, exchange.method()) == null)
            .toList();
    if (!left.isEmpty()) {
      return new Scoped.Left(left);
    }
    Refusal refusal = refusal(candidates.getFirst(), limits, exchange.method());
    return refusal == null ? new Scoped.Left(candidates) : new Scoped.Refused(refusal);
  }

  private static boolean areAllAllowed(
      List<Candidate> candidates, KeyLimits limits, String method) {
    for (int i = 0; i < candidates.size(); i++) {
      if (refusal(candidates.get(i), limits, method) != null) {
        return false;
      }
    }
    return true;
  }

  /** Whether the key may use a model. */
  static boolean allows(@Nullable GatewayKey key, Candidate candidate) {
    KeyLimits limits = limits(key);
    return allowsProvider(limits, candidate.provider().id()) && allowsModel(limits, candidate);
  }

  private static @Nullable Refusal refusal(Candidate candidate, KeyLimits limits, String method) {
    String provider = candidate.provider().id();
    String model = candidate.model();
    if (!allowsProvider(limits, provider)) {
      return Refusal.of(
          ErrorCode.PROVIDER_NOT_ALLOWED,
          "Provider '" + provider + "' is not allowed by gateway configuration");
    }
    if (model.isEmpty() && !limits.allowedModels().isEmpty()) {
      // What it would run cannot be told, so that it cannot be said to be allowed.
      return HARMLESS.contains(method)
          ? null
          : Refusal.of(
              ErrorCode.MODEL_NOT_ALLOWED,
              "A request without a model is not allowed by gateway configuration");
    }
    return allowsModel(limits, candidate)
        ? null
        : Refusal.of(
            ErrorCode.MODEL_NOT_ALLOWED,
            "Model '" + model + "' is not allowed by gateway configuration");
  }

  private static boolean allowsProvider(KeyLimits limits, String provider) {
    return limits.allowedProviders().isEmpty() || limits.allowedProviders().contains(provider);
  }

  private static boolean allowsModel(KeyLimits limits, Candidate candidate) {
    Set<String> allowed = limits.allowedModels();
    if (allowed.isEmpty()) {
      return true;
    }
    Provider provider = candidate.provider();
    return isNamed(allowed, provider, candidate.model().toLowerCase(Locale.ROOT))
        || candidate.listing().facts().aliases().stream()
            .anyMatch(alias -> isNamed(allowed, provider, alias));
  }

  private static boolean isNamed(Set<String> allowed, Provider provider, String model) {
    return allowed.contains(model) || allowed.contains(provider.id() + ':' + model);
  }

  private static KeyLimits limits(@Nullable GatewayKey key) {
    return key == null ? KeyLimits.NONE : key.limits();
  }
}
