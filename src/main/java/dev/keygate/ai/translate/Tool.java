package dev.keygate.ai.translate;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A function that the model may ask to have called.
 *
 * @param description what it is for; empty when the client did not say
 * @param parameters JSON schema of its arguments, or null for none
 * @param strict whether arguments have to fit the schema; null when the client did not say
 */
record Tool(
    String name, String description, @Nullable JsonNode parameters, @Nullable Boolean strict) {

  /** Which tool the model has to call. */
  sealed interface Choice {
    record Auto() implements Choice {}

    record None() implements Choice {}

    /** Some tool. */
    record Any() implements Choice {}

    record Named(String name) implements Choice {}
  }
}
