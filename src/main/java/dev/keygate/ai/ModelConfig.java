package dev.keygate.ai;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One entry of a provider's {@code models}: a model of its own, or what is different about one of
 * the catalog. What is not said is empty or zero, and stays as the catalog has it.
 *
 * @param id as the provider takes it
 * @param isDisabled whether no request may go there
 */
public record ModelConfig(
    String id,
    List<String> idAliases,
    String authorId,
    String displayName,
    String description,
    boolean isDisabled,
    Map<String, Object> metadata,
    List<String> inputModalities,
    List<String> outputModalities,
    long maxContextWindow,
    long maxOutputTokens,
    List<String> supportedFeatures,
    Set<String> unsupportedParams) {

  /** A model of which only the name is said. */
  public static ModelConfig of(String id, String... aliases) {
    return new ModelConfig(
        id,
        List.of(aliases),
        "",
        "",
        "",
        false,
        Map.of(),
        List.of(),
        List.of(),
        0,
        0,
        List.of(),
        Set.of());
  }

  /** The same, with no request going there. */
  public ModelConfig disabled() {
    return new ModelConfig(
        id,
        idAliases,
        authorId,
        displayName,
        description,
        true,
        metadata,
        inputModalities,
        outputModalities,
        maxContextWindow,
        maxOutputTokens,
        supportedFeatures,
        unsupportedParams);
  }
}
