package dev.keygate.ai;

import dev.keygate.ai.catalog.Model;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A provider and model that may serve a request. Two are equal when they name the same model of the
 * same provider.
 *
 * @param model as the provider takes it; empty when the request names none and is forwarded so
 * @param listing what is known of the model
 */
record Candidate(Provider provider, String model, Listing listing) {

  /** Where a model is known from. */
  enum Origin {
    CATALOG,
    CONFIGURED,
    /** Named by a client alone. */
    UNKNOWN
  }

  /** Whether the policy lets requests go there. */
  enum Access {
    ALLOWED,
    PROVIDER_NOT_ALLOWED,
    MODEL_NOT_ALLOWED
  }

  /**
   * What is known of a model at a provider.
   *
   * @param metadata as a policy gives it, the model's own before its provider's
   * @param unsupportedParams top-level fields that the model is not sent
   */
  record Listing(
      Model facts,
      Origin origin,
      Access access,
      String description,
      Map<String, Object> metadata,
      Set<String> unsupportedParams) {
    Listing {
      unsupportedParams = Set.copyOf(unsupportedParams);
    }
  }

  /** A model of which only the name is known. */
  static Candidate unknown(Provider provider, String model, Access access) {
    return new Candidate(
        provider,
        model,
        new Listing(
            Model.named(provider.id(), model),
            Origin.UNKNOWN,
            access,
            "",
            provider.about().metadata(),
            Set.of()));
  }

  boolean isAllowed() {
    return listing.access() == Access.ALLOWED;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Candidate candidate
        && provider.id().equals(candidate.provider.id())
        && model.equals(candidate.model);
  }

  @Override
  public int hashCode() {
    return 31 * provider.id().hashCode() + model.hashCode();
  }

  /** As error messages and logs name it. */
  @Override
  public String toString() {
    return model.isEmpty() ? provider.id() : provider.id() + ':' + model;
  }
}
