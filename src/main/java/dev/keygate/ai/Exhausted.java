package dev.keygate.ai;

import dev.keygate.ai.AttemptResult.Answered;
import dev.keygate.ai.AttemptResult.Cause;
import dev.keygate.ai.AttemptResult.Failed;
import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Refusal;
import dev.keygate.exchange.WholeBody;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a request when no attempt was answered (SPEC.md section 9). It is told of each
 * failed attempt and keeps the first provider's answer, in case that is what the client should see.
 *
 * <p>An error is relayed as it came when every attempt met one of the same class: the request's own
 * fault, or the provider's rate limit. What a provider says about the credential (401, 403) is
 * relayed only where that was the client's own; else it concerns the operator's key, and a client
 * told so would doubt its gateway key.
 */
final class Exhausted {
  private static final int MAX_RETRY_AFTER_SECONDS = 86_400;

  private final AiGatewayConfig.OnError onError;
  private final Set<Evidence> classes = EnumSet.noneOf(Evidence.class);
  private final List<String> details = new ArrayList<>(1);
  private @Nullable Attempt firstAttempt;
  private @Nullable Answered firstAnswer;
  private @Nullable String untranslatable;
  private int retryAfterSeconds;

  Exhausted(AiGatewayConfig.OnError onError) {
    this.onError = onError;
  }

  /** What an attempt's failure is evidence of. */
  private enum Evidence {
    REQUEST,
    RATE,
    CLIENT_CREDENTIAL,
    PROVIDER,
    UNREACHABLE,
    TOTAL_TIMEOUT,
    CANCELLED,
    NO_ROOM;

    boolean isRelayed() {
      return this == REQUEST || this == RATE || this == CLIENT_CREDENTIAL;
    }
  }

  /** Notes a failed attempt. */
  void add(Attempt attempt, AttemptResult result) {
    switch (result) {
      case Answered answered -> {
        classes.add(classOf(attempt, answered.status()));
        noteRetryAfter(answered.headers().get(HttpHeaderNames.RETRY_AFTER));
        if (firstAnswer == null) {
          firstAttempt = attempt;
          firstAnswer = answered;
        }
      }
      case Failed failed -> {
        classes.add(classOf(failed.cause()));
        details.add(attempt.candidate() + ": " + failed.detail());
      }
    }
  }

  /** Notes that a candidate was passed over, since its API cannot say what the client asks for. */
  void addUntranslatable(String why) {
    classes.add(Evidence.REQUEST);
    if (untranslatable == null) {
      untranslatable = why;
    }
  }

  /**
   * The request's ending.
   *
   * @param relay makes an outcome of a provider's answer
   */
  Outcome outcome(AttemptStory story, BiFunction<Attempt, Answered, Outcome> relay) {
    if (classes.contains(Evidence.CANCELLED)) {
      return Outcome.CLOSE;
    }
    Refusal refusal = refusal(story.attempts());
    story.fail(refusal);
    if (onError == AiGatewayConfig.OnError.CONTINUE) {
      return Outcome.CONTINUE;
    }
    boolean isSameClass = classes.size() == 1 && classes.iterator().next().isRelayed();
    if (isSameClass && firstAttempt != null && firstAnswer != null) {
      return relay.apply(firstAttempt, firstAnswer);
    }
    return new Outcome.Refuse(refusal);
  }

  private Refusal refusal(List<AttemptRecord> attempts) {
    if (classes.contains(Evidence.NO_ROOM)) {
      return WholeBody.NO_ROOM;
    }
    String told = attempts.stream().map(AttemptRecord::words).collect(Collectors.joining("; "));
    Refusal refusal;
    if (untranslatable != null && classes.equals(Set.of(Evidence.REQUEST))) {
      refusal = Refusal.of(ErrorCode.BAD_BODY, "Invalid request body: " + untranslatable);
    } else if (classes.contains(Evidence.TOTAL_TIMEOUT)) {
      refusal = Refusal.of(ErrorCode.TOTAL_TIMEOUT, "No provider answered in time: " + told);
    } else if (classes.equals(Set.of(Evidence.UNREACHABLE))) {
      refusal = Refusal.of(ErrorCode.NOTHING_REACHABLE, "No provider could be reached: " + told);
    } else {
      refusal = Refusal.of(ErrorCode.ALL_ATTEMPTS_FAILED, "No provider gave an answer: " + told);
    }
    return refusal.withLogDetail(String.join("; ", details)).withRetryAfter(retryAfterSeconds);
  }

  private static Evidence classOf(Attempt attempt, int status) {
    return switch (status) {
      case 429 -> Evidence.RATE;
      case 401, 403 -> attempt.key() == null ? Evidence.CLIENT_CREDENTIAL : Evidence.PROVIDER;
      case 408 -> Evidence.PROVIDER;
      default -> status >= 400 && status < 500 ? Evidence.REQUEST : Evidence.PROVIDER;
    };
  }

  private static Evidence classOf(Cause cause) {
    return switch (cause) {
      case UNREACHABLE -> Evidence.UNREACHABLE;
      case BROKEN, TIMEOUT -> Evidence.PROVIDER;
      case TOTAL_TIMEOUT -> Evidence.TOTAL_TIMEOUT;
      case CANCELLED -> Evidence.CANCELLED;
      case NO_ROOM -> Evidence.NO_ROOM;
    };
  }

  /** Keeps the soonest time at which a provider said to come back. */
  private void noteRetryAfter(@Nullable String value) {
    if (value == null || value.isEmpty() || value.length() > 5) {
      return;
    }
    if (value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      int seconds = Math.min(Integer.parseInt(value), MAX_RETRY_AFTER_SECONDS);
      retryAfterSeconds = retryAfterSeconds == 0 ? seconds : Math.min(retryAfterSeconds, seconds);
    }
  }
}
