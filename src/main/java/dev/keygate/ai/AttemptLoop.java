package dev.keygate.ai;

import dev.keygate.ai.AttemptResult.Answered;
import dev.keygate.ai.translate.Translation;
import dev.keygate.ai.translate.UntranslatableException;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.live.ProviderKey;
import dev.keygate.usage.LastUsed;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes the attempts of a plan, one after the other, until one is answered or none is left (SPEC.md
 * section 9). What comes next is the plan's and {@link AttemptRule}'s to say, what becomes of a
 * request that nobody answered is {@link Exhausted}'s; this only carries it out. One for each
 * request, on its event loop.
 */
final class AttemptLoop {
  private final Exchange exchange;
  private final AttemptPlan plan;
  private final Outgoing outgoing;
  private final Upstream upstream;
  private final Services services;
  private final LastUsed lastUsed;
  private final Exhausted exhausted;
  private final Limits limits;
  private final AttemptStory story;
  private final Promise<Outcome> ending = Promise.promise();
  private @Nullable UpstreamCall call;

  /**
   * @param plan with at least one attempt
   */
  AttemptLoop(
      Exchange exchange, AttemptPlan plan, Outgoing outgoing, Services services, Limits limits) {
    this.exchange = exchange;
    this.plan = plan;
    this.outgoing = outgoing;
    this.upstream = services.upstream();
    this.services = services;
    this.lastUsed = services.lastUsed();
    this.exhausted = new Exhausted(services.onError());
    this.limits = limits;
    this.story = new AttemptStory(plan);
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
    exchange.results().put(AttemptStory.NAME, story);
    exchange.onAbandon(this::cancel);
    attempt(0);
    return new Outcome.Pending(ending.future());
  }

  private void cancel() {
    if (call != null) {
      call.cancel();
    }
  }

  private void attempt(int index) {
    Attempt attempt = plan.attempts().get(index);
    UpstreamRequest request;
    try {
      request = outgoing.to(attempt);
    } catch (UntranslatableException e) {
      exhausted.addUntranslatable(String.valueOf(e.getMessage()));
      goOn(index, Decision.NEXT_CANDIDATE);
      return;
    }
    ProviderKey key = attempt.key();
    if (key != null) {
      lastUsed.mark(key.id());
    }
    long start = upstream.now();
    UpstreamCall started = upstream.send(request, limits);
    call = started;
    if (exchange.isAbandoned()) {
      started.cancel();
    }
    Translation translation = outgoing.translation();
    if (translation == null) {
      started.result().onSuccess(result -> ended(index, result, start));
    } else {
      TranslatedAnswer translated =
          new TranslatedAnswer(
              translation,
              upstream.vertx(),
              services.clock().instant().getEpochSecond(),
              usage -> TokenCount.measured(usage).noteIn(exchange));
      started
          .result()
          .compose(result -> translated.of(result, limits.deadline() - upstream.now()))
          .onSuccess(result -> ended(index, result, start));
    }
  }

  private void ended(int index, AttemptResult result, long start) {
    Attempt attempt = plan.attempts().get(index);
    long nanos = upstream.now() - start;
    note(index, attempt, result, start);
    Decision decision = AttemptRule.after(result);
    story.add(AttemptRecord.of(attempt, result, nanos));
    if (decision == Decision.ANSWER && result instanceof Answered answered) {
      ending.complete(answer(attempt, answered));
      return;
    }
    exhausted.add(attempt, result);
    goOn(index, decision);
  }

  private void goOn(int index, Decision decision) {
    Integer next = plan.next(index, decision);
    if (next == null) {
      ending.complete(exhausted.outcome(story, this::answer));
    } else {
      attempt(next);
    }
  }

  /** What the attempt says about the model and the key, for requests to come. */
  private void note(int index, Attempt attempt, AttemptResult result, long start) {
    ProviderKey key = attempt.key();
    if (key != null && result instanceof Answered answered) {
      services
          .health()
          .answered(key, answered.status(), answered.headers().get(HttpHeaders.RETRY_AFTER));
    }
    if (services.windows().isKept()) {
      long now = upstream.now();
      long gateway = index == 0 ? start - exchange.startNanos() : -1;
      services
          .windows()
          .ended(exchange, attempt, result, new TrafficWindows.Times(gateway, now - start, now));
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
    headers.set(ResponseHeaders.ATTEMPTS, Integer.toString(story.attempts().size()));
    return new Outcome.Respond(new Response(answered.status(), headers, answered.body()));
  }
}
