package dev.keygate.ai;

import java.util.Locale;

/**
 * What is remembered of one attempt: never a body or a credential.
 *
 * @param author who made the model; empty where that is not known
 * @param providerKeyId {@code aigpk_…} or where the key came from; empty without a key
 * @param status the provider's, or 0 when it gave none
 * @param ending how it ended
 * @param verdict what followed
 * @param startNanos from the request's start to the attempt's
 * @param firstByteNanos from the attempt's start to the answer's first byte, or to its failure. An
 *     answer that is streamed goes on until the request ends
 */
public record AttemptRecord(
    String provider,
    String model,
    String author,
    String providerKeyId,
    KeySource keySource,
    int status,
    Ending ending,
    Verdict verdict,
    long startNanos,
    long firstByteNanos) {

  /** How an attempt ended. */
  public enum Ending {
    /** With an answer, whatever its status. */
    ANSWERED("answered"),
    UNREACHABLE(AttemptResult.Cause.UNREACHABLE.words()),
    BROKEN(AttemptResult.Cause.BROKEN.words()),
    /** {@code per_request_timeout} was up. */
    TIMEOUT(AttemptResult.Cause.TIMEOUT.words()),
    /** {@code total_timeout} was up. */
    TOTAL_TIMEOUT(AttemptResult.Cause.TOTAL_TIMEOUT.words()),
    /** The client went away. */
    CANCELLED(AttemptResult.Cause.CANCELLED.words()),
    /** There was no memory to read the answer whole. */
    NO_ROOM(AttemptResult.Cause.NO_ROOM.words());

    private final String id = name().toLowerCase(Locale.ROOT);
    private final String words;

    Ending(String words) {
      this.words = words;
    }

    /** Stable, in lower case with underscores. */
    public String id() {
      return id;
    }

    static Ending of(AttemptResult result) {
      if (result instanceof AttemptResult.Answered) {
        return ANSWERED;
      }
      return switch (((AttemptResult.Failed) result).cause()) {
        case UNREACHABLE -> UNREACHABLE;
        case BROKEN -> BROKEN;
        case TIMEOUT -> TIMEOUT;
        case TOTAL_TIMEOUT -> TOTAL_TIMEOUT;
        case CANCELLED -> CANCELLED;
        case NO_ROOM -> NO_ROOM;
      };
    }
  }

  /** What followed an attempt. */
  public enum Verdict {
    /** The client gets its answer. */
    SERVED,
    /** The next key of the same candidate was tried. */
    NEXT_KEY,
    /** The next candidate was tried. */
    NEXT_CANDIDATE,
    /** Nothing was left to try. */
    EXHAUSTED,
    /** The time was up, nobody waited any more, or there was no room. */
    STOPPED;

    private final String id = name().toLowerCase(Locale.ROOT);

    /** Stable, in lower case with underscores. */
    public String id() {
      return id;
    }
  }

  /**
   * When an attempt was made, in nanoseconds.
   *
   * @param start since the request's start
   * @param firstByte since the attempt's start
   */
  record Times(long start, long firstByte) {}

  static AttemptRecord of(Attempt attempt, AttemptResult result, Verdict verdict, Times times) {
    Candidate candidate = attempt.candidate();
    return new AttemptRecord(
        candidate.provider().id(),
        candidate.model(),
        candidate.listing().facts().authorId(),
        attempt.keyId(),
        attempt.keySource(),
        result instanceof AttemptResult.Answered answered ? answered.status() : 0,
        Ending.of(result),
        verdict,
        times.start(),
        times.firstByte());
  }

  /** Whether the provider gave the answer that was asked for. */
  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /** The attempt in words for a client: who, and what came of it. */
  String words() {
    String who = model.isEmpty() ? provider : provider + ':' + model;
    return ending == Ending.ANSWERED ? who + " answered " + status : who + ' ' + ending.words;
  }
}
