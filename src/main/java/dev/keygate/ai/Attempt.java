package dev.keygate.ai;

import dev.keygate.live.ProviderKey;
import org.jspecify.annotations.Nullable;

/**
 * One candidate with one of its provider's keys: what is sent upstream once.
 *
 * @param candidateIndex the candidate's place in the plan, so that the rest of its keys can be
 *     skipped
 * @param key null where the provider is called without a key of the server's
 * @param keySource whose credential it is made with
 */
record Attempt(
    int candidateIndex, Candidate candidate, @Nullable ProviderKey key, KeySource keySource) {

  /** The key's identifier; empty without one. */
  String keyId() {
    return key == null ? "" : key.id();
  }
}
