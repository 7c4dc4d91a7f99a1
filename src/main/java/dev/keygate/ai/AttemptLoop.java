package dev.keygate.ai;

import dev.keygate.ai.AttemptRecord.Verdict;
import dev.keygate.ai.AttemptResult.Answered;
import dev.keygate.ai.CandidateRecord.Fate;
import dev.keygate.ai.translate.Translation;
import dev.keygate.ai.translate.UntranslatableException;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.live.ProviderKey;
import dev.keygate.usage.LastUsed;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes the attempts of a plan, one after the other, until one is answered or none is left (SPEC.md
 * section 9). What comes next is the plan's and {@link AttemptRule}'s to say, what becomes of a
 * request that nobody answered is {@link Exhausted}'s; this only carries it out. What is thrown on
 * the way fails the outcome, not whoever brought a result. One for each request, on its event loop.
 */
final class AttemptLoop {
  private final Exchange exchange;
  private final Outgoing outgoing;
  private final Upstream upstream;
  private final Services services;
  private final LastUsed lastUsed;
  private final Exhausted exhausted;
  private final Limits limits;
  private final AttemptStory story;
  private final AttemptCourse course;
  private final Promise<Outcome> outcome = Promise.promise();
  private @Nullable UpstreamCall call;

  /**
   * @param plan with at least one attempt
   */
  AttemptLoop(
      AttemptStory story, AttemptPlan plan, Outgoing outgoing, Services services, Limits limits) {
    this.exchange = story.exchange();
    this.outgoing = outgoing;
    this.upstream = services.upstream();
    this.services = services;
    this.lastUsed = services.lastUsed();
    this.exhausted = new Exhausted(services.onError());
    this.limits = limits;
    this.story = story;
    this.course = new AttemptCourse(plan, services.health(), story, limits.perRequestNanos());
  }

  /** What all requests of an action make their attempts with. */
  record Services(
      Upstream upstream,
      LastUsed lastUsed,
      AiGatewayConfig.OnError onError,
      TrafficWindows windows,
      KeyHealth health,
      InstantSource clock) {}

  Outcome run() {
    goOn(course.first());
    return new Outcome.Pending(outcome.future());
  }

  private void goOn(@Nullable Attempt next) {
    if (next == null) {
      outcome.complete(exhausted.outcome(story, this::answer));
    } else {
      attempt(next);
    }
  }

  private void attempt(Attempt attempt) {
    UpstreamRequest request;
    try {
      request = outgoing.to(attempt);
    } catch (UntranslatableException e) {
      exhausted.addUntranslatable(String.valueOf(e.getMessage()));
      story.drop(attempt.candidate(), Fate.CANNOT_BE_TRANSLATED);
      services.health().release(attempt);
      goOn(course.next(attempt, Decision.NEXT_CANDIDATE));
      return;
    }
    ProviderKey key = attempt.key();
    if (key != null) {
      lastUsed.mark(key.id());
    }
    course.sent();
    Sent sent = new Sent(attempt, request, upstream.now());
    Translation translation = outgoing.translation();
    UpstreamCall sending =
        upstream.call(
            request,
            limits,
            translation == null
                ? result -> ended(sent, result)
                : result -> translate(translation, sent, result));
    call = sending;
    exchange.onAbandon(sending::cancel);
    sending.start(sent.start());
  }

  private void translate(Translation translation, Sent sent, AttemptResult result) {
    try {
      new TranslatedAnswer(
              translation, upstream.vertx(), services.clock().instant().getEpochSecond(), exchange)
          .of(result, limits.deadline() - upstream.now())
          .onSuccess(translated -> ended(sent, translated))
          .onFailure(this::fail);
    } catch (RuntimeException bug) {
      fail(bug);
    }
  }

  /** An attempt under way. */
  private record Sent(Attempt attempt, UpstreamRequest request, long start) {}

  private void ended(Sent sent, AttemptResult result) {
    try {
      decide(sent, result);
    } catch (RuntimeException bug) {
      fail(bug);
    }
  }

  private void fail(Throwable bug) {
    if (call != null) {
      call.cancel();
    }
    outcome.tryFail(bug);
  }

  private void decide(Sent sent, AttemptResult result) {
    Attempt attempt = sent.attempt();
    long now = upstream.now();
    note(sent, result, now);
    Decision decision = AttemptRule.after(result);
    Attempt next = course.next(attempt, decision);
    AttemptRecord record =
        AttemptRecord.of(
            attempt,
            result,
            verdict(attempt, decision, next),
            new AttemptRecord.Times(sent.start() - exchange.startNanos(), now - sent.start()));
    story.add(new AttemptStory.Made(record, attempt, result, sent.request()));
    if (decision == Decision.ANSWER && result instanceof Answered answered) {
      outcome.complete(answer(attempt, answered));
      return;
    }
    exhausted.add(attempt, result);
    goOn(next);
  }

  private static Verdict verdict(Attempt attempt, Decision decision, @Nullable Attempt next) {
    if (next != null) {
      return next.candidateIndex() == attempt.candidateIndex()
          ? Verdict.NEXT_KEY
          : Verdict.NEXT_CANDIDATE;
    }
    return switch (decision) {
      case ANSWER -> Verdict.SERVED;
      case NEXT_KEY, NEXT_CANDIDATE -> Verdict.EXHAUSTED;
      case STOP -> Verdict.STOPPED;
    };
  }

  /** What the attempt says about the model and the key, for requests to come. */
  private void note(Sent sent, AttemptResult result, long now) {
    services.health().ended(sent.attempt(), result, now - sent.start());
    if (services.windows().isKept()) {
      boolean isFirst = story.attemptCount() == 0;
      long gateway = isFirst ? sent.start() - exchange.startNanos() : -1;
      services
          .windows()
          .ended(
              exchange,
              sent.attempt(),
              result,
              new TrafficWindows.Times(gateway, now - sent.start(), now));
    }
  }

  private Outcome answer(Attempt attempt, Answered answered) {
    MultiMap headers = answered.headers();
    Candidate candidate = attempt.candidate();
    headers.set(ResponseHeaders.PROVIDER, candidate.provider().id());
    if (candidate.model().isEmpty()) {
      headers.remove(ResponseHeaders.MODEL);
    } else {
      headers.set(ResponseHeaders.MODEL, ResponseHeaders.printable(candidate.model()));
    }
    headers.set(ResponseHeaders.ATTEMPTS, Integer.toString(story.attemptCount()));
    return new Outcome.Respond(new Response(answered.status(), headers, answered.body()));
  }
}
