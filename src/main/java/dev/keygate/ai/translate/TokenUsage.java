package dev.keygate.ai.translate;

/**
 * How many tokens a request took, as the provider counts them.
 *
 * @param input all of the prompt, what came from a cache included
 * @param cacheRead of these, read from a cache
 * @param cacheWrite of these, written to one
 * @param output all of the answer, thoughts included
 * @param reasoning of these, thoughts
 */
public record TokenUsage(long input, long cacheRead, long cacheWrite, long output, long reasoning) {
  /** Nothing. */
  public static final TokenUsage NONE = new TokenUsage(0, 0, 0, 0, 0);
}
