package dev.keygate.ai;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of one request through its plan: past keys that are set aside, of which the story is
 * told. Only when all are, and nothing was sent, are they tried all the same, the one first whose
 * rest ends first: what a node remembers must not be what fails a request. Belongs to one event
 * loop.
 */
final class AttemptCourse {
  private final AttemptPlan plan;
  private final KeyHealth health;
  private final AttemptStory story;
  private final long patience;
  private final Deque<Attempt> lastResort = new ArrayDeque<>(0);
  private List<PassedOver> passedOver = List.of();
  private boolean isAnySent;
  private int index = -1;

  private record PassedOver(Attempt attempt, long nanosLeft) {}

  /**
   * @param patience how long an attempt waits at most, in nanoseconds
   */
  AttemptCourse(AttemptPlan plan, KeyHealth health, AttemptStory story, long patience) {
    this.plan = plan;
    this.health = health;
    this.story = story;
    this.patience = patience;
  }

  /** The attempt to begin with; there is one in every plan that is not empty. */
  @Nullable Attempt first() {
    return from(plan.isEmpty() ? null : 0);
  }

  /** An attempt was sent. */
  void sent() {
    isAnySent = true;
  }

  /** The attempt after {@code last}, or null when none is left. */
  @Nullable Attempt next(Attempt last, Decision decision) {
    if (!decision.goesOn()) {
      return null;
    }
    if (lastResort.isEmpty()) {
      return from(index < 0 ? null : plan.next(index, decision));
    }
    if (decision == Decision.NEXT_CANDIDATE) {
      lastResort.removeIf(other -> other.candidateIndex() == last.candidateIndex());
    }
    return lastResort.poll();
  }

  private @Nullable Attempt from(@Nullable Integer start) {
    Integer at = start;
    while (at != null) {
      index = at;
      Attempt attempt = plan.attempts().get(at);
      KeyHealth.Resting resting = health.admit(attempt, patience);
      if (resting == null) {
        return attempt;
      }
      passOver(attempt, resting);
      at = plan.next(at, Decision.NEXT_KEY);
    }
    index = -1;
    if (!isAnySent) {
      passedOver.stream()
          .sorted(Comparator.comparingLong(PassedOver::nanosLeft))
          .map(PassedOver::attempt)
          .forEach(lastResort::add);
      passedOver = List.of();
    }
    return lastResort.poll();
  }

  private void passOver(Attempt attempt, KeyHealth.Resting resting) {
    if (passedOver.isEmpty()) {
      passedOver = new ArrayList<>();
    }
    passedOver.add(new PassedOver(attempt, resting.nanosLeft()));
    story.skip(
        new SkipRecord(
            attempt.candidate().provider().id(),
            attempt.candidate().model(),
            attempt.keyId(),
            resting.reason().words(),
            TimeUnit.NANOSECONDS.toMillis(resting.nanosLeft())));
  }
}
