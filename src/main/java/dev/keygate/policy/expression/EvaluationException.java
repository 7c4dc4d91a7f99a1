package dev.keygate.policy.expression;

/**
 * A rule could not be evaluated for this request, so the request is refused. Thrown per request and
 * therefore without a stack trace.
 */
public final class EvaluationException extends RuntimeException {
  /**
   * @param detail for the operator's log: which expression and what kind of error. It must not hold
   *     values of the request: any of them may be a credential
   */
  public EvaluationException(String detail) {
    super(detail, null, false, false);
  }

  /** The text for the operator's log. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
