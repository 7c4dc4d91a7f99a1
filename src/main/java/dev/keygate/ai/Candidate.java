package dev.keygate.ai;

/**
 * A provider and model that may serve a request.
 *
 * @param model as the provider takes it; empty when the request names none and is forwarded so
 */
record Candidate(Provider provider, String model) {
  /** As error messages and logs name it. */
  @Override
  public String toString() {
    return model.isEmpty() ? provider.id() : provider.id() + ':' + model;
  }
}
