package dev.keygate.ai;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * What a provider said is left of a key's rate limits; null where it said nothing. OpenAI's header
 * fields, which many providers copy, and Anthropic's.
 */
record Quota(
    @Nullable Long remainingRequests,
    @Nullable Long remainingTokens,
    @Nullable Long limitRequests,
    @Nullable Long limitTokens) {
  static final Quota UNKNOWN = new Quota(null, null, null, null);

  private static final int MAX_DIGITS = 15;

  static Quota of(MultiMap headers) {
    return new Quota(
        number(headers, "x-ratelimit-remaining-requests", "anthropic-ratelimit-requests-remaining"),
        number(headers, "x-ratelimit-remaining-tokens", "anthropic-ratelimit-tokens-remaining"),
        number(headers, "x-ratelimit-limit-requests", "anthropic-ratelimit-requests-limit"),
        number(headers, "x-ratelimit-limit-tokens", "anthropic-ratelimit-tokens-limit"));
  }

  private static @Nullable Long number(MultiMap headers, String name, String other) {
    String value = headers.get(name);
    String said = value == null ? headers.get(other) : value;
    boolean isNumber =
        said != null
            && !said.isEmpty()
            && said.length() <= MAX_DIGITS
            && said.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? Long.valueOf(said) : null;
  }
}
