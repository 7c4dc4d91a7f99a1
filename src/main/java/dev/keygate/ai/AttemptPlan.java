package dev.keygate.ai;

import dev.keygate.ai.CandidateRecord.Fate;
import dev.keygate.live.ProviderKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The attempts that may be made for a request: key by key, then candidate by candidate, never the
 * same candidate and key twice (SPEC.md section 9). A value; which attempt is next follows from the
 * one that ended and what was decided about it.
 */
record AttemptPlan(List<Attempt> attempts) {

  /**
   * The plan for these candidates.
   *
   * @param keysOf what there is to call a provider with
   * @param drops told of candidates that cannot be called, and why
   */
  static AttemptPlan of(
      List<Candidate> candidates,
      Function<Provider, KeyChoice.Keys> keysOf,
      BiConsumer<Candidate, Fate> drops) {
    if (candidates.size() == 1) {
      Candidate only = candidates.getFirst();
      if (keysOf.apply(only.provider())
              instanceof KeyChoice.Keys.These(List<ProviderKey> keys, KeySource source)
          && keys.size() == 1) {
        return new AttemptPlan(List.of(new Attempt(0, only, keys.getFirst(), source)));
      }
    }
    List<Attempt> attempts = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
      switch (keysOf.apply(candidate.provider())) {
        case KeyChoice.Keys.These(List<ProviderKey> keys, KeySource source) -> {
          Set<String> seen = new HashSet<>();
          for (ProviderKey key : keys) {
            if (seen.add(key.id())) {
              attempts.add(new Attempt(i, candidate, key, source));
            }
          }
        }
        case KeyChoice.Keys.NoneNeeded(KeySource source) ->
            attempts.add(new Attempt(i, candidate, null, source));
        // A provider that needs a key and has none is not called (SPEC.md section 6).
        case KeyChoice.Keys.Missing() -> drops.accept(candidate, Fate.NO_PROVIDER_KEY);
        case KeyChoice.Keys.LeftOut() -> drops.accept(candidate, Fate.KEYS_LEFT_OUT_BY_STRATEGY);
      }
    }
    return new AttemptPlan(attempts);
  }

  boolean isEmpty() {
    return attempts.isEmpty();
  }

  /** Those of whom attempts are made. */
  List<Candidate> candidates() {
    return attempts.stream().map(Attempt::candidate).distinct().toList();
  }

  /** The attempts of the first candidate alone. */
  AttemptPlan firstCandidate() {
    int first = attempts.isEmpty() ? 0 : attempts.getFirst().candidateIndex();
    return new AttemptPlan(attempts.stream().filter(a -> a.candidateIndex() == first).toList());
  }

  /** The attempts at the provider of the first candidate alone. */
  AttemptPlan firstProvider() {
    if (attempts.size() < 2) {
      return this;
    }
    Provider first = attempts.getFirst().candidate().provider();
    return new AttemptPlan(
        attempts.stream().filter(a -> a.candidate().provider().equals(first)).toList());
  }

  /** The place of the next attempt after the one at {@code index}, or null when none is left. */
  @Nullable Integer next(int index, Decision decision) {
    int next = index + 1;
    if (decision == Decision.NEXT_CANDIDATE) {
      int current = attempts.get(index).candidateIndex();
      while (next < attempts.size() && attempts.get(next).candidateIndex() == current) {
        next++;
      }
    }
    return next < attempts.size() && decision.goesOn() ? next : null;
  }
}
