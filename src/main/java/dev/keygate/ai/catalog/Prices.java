package dev.keygate.ai.catalog;

/**
 * What a model costs, in US dollars for a million tokens; {@link Double#NaN} where that is not
 * known.
 *
 * @param cacheRead for input tokens that the provider had kept
 * @param cacheWrite for input tokens that it is asked to keep
 */
public record Prices(double input, double output, double cacheRead, double cacheWrite) {
  /** Nothing is known. */
  public static final Prices UNKNOWN = new Prices(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
}
