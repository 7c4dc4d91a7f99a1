package dev.keygate.exchange;

import dev.keygate.key.TokenText;

/**
 * An expected ending: the request is refused, and this is what the client is told.
 *
 * @param message for the client; holds nothing secret and nothing about other clients
 * @param logDetail for the operator's log only; may say which of several like-looking cases it was.
 *     Empty when the message says it all. Never holds a credential
 * @param retryAfterSeconds value of {@code Retry-After}, or 0 for none
 */
public record Refusal(ErrorCode code, String message, String logDetail, int retryAfterSeconds) {

  /** Clients put keys where names belong, and messages repeat names: a key is blotted out. */
  public Refusal {
    message = TokenText.redact(message);
    logDetail = TokenText.redact(logDetail);
  }

  public static Refusal of(ErrorCode code, String message) {
    return new Refusal(code, message, "", 0);
  }

  /** The same refusal with a text that only the operator sees. */
  public Refusal withLogDetail(String detail) {
    return new Refusal(code, message, detail, retryAfterSeconds);
  }

  public Refusal withRetryAfter(int seconds) {
    return new Refusal(code, message, logDetail, seconds);
  }
}
