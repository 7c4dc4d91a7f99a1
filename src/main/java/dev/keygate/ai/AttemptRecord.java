package dev.keygate.ai;

import java.util.Optional;

/**
 * What is remembered of one attempt: never a body or a credential.
 *
 * @param providerKeyId {@code aigpk_…} or where the key came from; empty without a key
 * @param status the provider's, or 0 when it gave none
 * @param failure why there was no answer, or empty when there was one
 * @param firstByteNanos from the start to the answer's first byte, or to its failure
 */
public record AttemptRecord(
    String provider,
    String model,
    String providerKeyId,
    int status,
    String failure,
    long firstByteNanos) {

  static AttemptRecord of(Attempt attempt, AttemptResult result, long nanos) {
    String keyId = Optional.ofNullable(attempt.key()).map(key -> key.id()).orElse("");
    Candidate candidate = attempt.candidate();
    return switch (result) {
      case AttemptResult.Answered answered ->
          new AttemptRecord(
              candidate.provider().id(), candidate.model(), keyId, answered.status(), "", nanos);
      case AttemptResult.Failed failed ->
          new AttemptRecord(
              candidate.provider().id(),
              candidate.model(),
              keyId,
              0,
              failed.cause().words(),
              nanos);
    };
  }

  /** Whether the provider gave the answer that was asked for. */
  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /** The attempt in words for a client: who, and what came of it. */
  String words() {
    String who = model.isEmpty() ? provider : provider + ':' + model;
    return status == 0 ? who + ' ' + failure : who + " answered " + status;
  }
}
