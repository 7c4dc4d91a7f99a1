package dev.keygate.ai.translate;

/**
 * Whom a request is written for.
 *
 * @param model as the provider takes it
 * @param limitField the name that the provider's Chat Completions give to the bound on an answer
 * @param usualLimit that bound in tokens where a provider needs one and the client sets none
 */
public record Target(String model, String limitField, long usualLimit) {
  /** What every model can write. */
  private static final long SMALLEST_LIMIT = 4096;

  /** A provider that takes OpenAI's present names. */
  public static Target openAi(String model) {
    return new Target(model, "max_completion_tokens", SMALLEST_LIMIT);
  }

  /** A provider that follows OpenAI, by the name that all who do understand. */
  public static Target compatible(String model) {
    return new Target(model, "max_tokens", SMALLEST_LIMIT);
  }

  /** The same with the model's own bound. */
  public Target withUsualLimit(long tokens) {
    return new Target(model, limitField, tokens);
  }
}
