package dev.keygate.ai.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What is known of a model at one provider. What is not known is empty, zero or {@link
 * Prices#UNKNOWN}.
 *
 * @param id as its provider takes it
 * @param aliases other names by which it is found, in lower case; none is sent to the provider
 * @param providerId in lower case
 * @param authorId in lower case
 * @param released when it came out, or the epoch
 * @param contextWindow in tokens
 * @param maxOutputTokens in tokens
 * @param unsupportedParams top-level fields of requests that it refuses
 */
public record Model(
    String id,
    List<String> aliases,
    String providerId,
    String authorId,
    String displayName,
    Kind kind,
    Instant released,
    List<String> inputModalities,
    List<String> outputModalities,
    long contextWindow,
    long maxOutputTokens,
    List<String> features,
    Prices prices,
    Set<String> unsupportedParams) {
  public Model {
    aliases = List.copyOf(aliases);
    inputModalities = List.copyOf(inputModalities);
    outputModalities = List.copyOf(outputModalities);
    features = List.copyOf(features);
    unsupportedParams = Set.copyOf(unsupportedParams);
  }

  /** A chat model of which nothing but its name is known. */
  public static Model named(String providerId, String id) {
    return new Model(
        id,
        List.of(),
        providerId,
        "",
        id,
        Kind.CHAT,
        Instant.EPOCH,
        List.of(),
        List.of(),
        0,
        0,
        List.of(),
        Prices.UNKNOWN,
        Set.of());
  }
}
