package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.ai.KeyChoice.Keys;
import dev.keygate.ai.ProviderConfig.KeyNeed;
import dev.keygate.live.ProviderKey;
import dev.keygate.secret.Secret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AttemptPlanTest {
  @Property
  void everyDecisionLeadsForwardAndNothingIsTriedTwice(
      @ForAll @Size(min = 1, max = 5) List<@IntRange(max = 4) Integer> keyCounts,
      @ForAll List<Boolean> skips) {
    List<Candidate> candidates =
        IntStream.range(0, keyCounts.size()).mapToObj(i -> candidate("p" + i)).toList();
    AttemptPlan plan =
        AttemptPlan.of(
            candidates,
            p -> keys(p.id(), keyCounts.get(Integer.parseInt(p.id().substring(1)))),
            (candidate, fate) -> {});
    List<Attempt> tried = new ArrayList<>();
    Integer index = plan.isEmpty() ? null : 0;
    while (index != null) {
      Attempt attempt = plan.attempts().get(index);
      boolean skip = tried.size() < skips.size() && skips.get(tried.size());
      tried.add(attempt);
      Integer next = plan.next(index, skip ? Decision.NEXT_CANDIDATE : Decision.NEXT_KEY);
      if (next != null) {
        assertThat(next).isGreaterThan(index);
        if (skip) {
          assertThat(plan.attempts().get(next).candidateIndex())
              .isGreaterThan(attempt.candidateIndex());
        }
      }
      index = next;
    }
    assertThat(new HashSet<>(tried)).hasSameSizeAs(tried);
  }

  @Test
  void aKeyThatIsListedTwiceIsTriedOnce() {
    ProviderKey key = new ProviderKey("aigpk_1", "p", Secret.of("s"));
    AttemptPlan plan =
        AttemptPlan.of(
            List.of(candidate("p")),
            p -> new Keys.These(List.of(key, key), KeySource.MANAGED),
            (candidate, fate) -> {});
    assertThat(plan.attempts()).hasSize(1);
  }

  @Test
  void nothingFollowsAnAnswerOrAStop() {
    AttemptPlan plan =
        AttemptPlan.of(List.of(candidate("p")), p -> keys("p", 2), (candidate, fate) -> {});
    assertThat(plan.next(0, Decision.ANSWER)).isNull();
    assertThat(plan.next(0, Decision.STOP)).isNull();
    assertThat(plan.next(0, Decision.NEXT_KEY)).isEqualTo(1);
    assertThat(plan.next(0, Decision.NEXT_CANDIDATE)).isNull();
  }

  private static Keys keys(String provider, int count) {
    if (count == 0) {
      return new Keys.Missing();
    }
    return new Keys.These(
        IntStream.range(0, count)
            .mapToObj(i -> new ProviderKey(provider + "-" + i, provider, Secret.of("s")))
            .toList(),
        KeySource.MANAGED);
  }

  private static Candidate candidate(String id) {
    return Candidate.unknown(
        Provider.of(id, Map.of(), KeyNeed.REQUIRED), "model", Candidate.Access.ALLOWED);
  }
}
