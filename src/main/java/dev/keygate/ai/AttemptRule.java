package dev.keygate.ai;

/** What follows from the end of an attempt (SPEC.md section 9). Pure. */
final class AttemptRule {
  private AttemptRule() {}

  static Decision after(AttemptResult result) {
    return result instanceof AttemptResult.Answered answered
        ? afterStatus(answered.status())
        : afterFailure(((AttemptResult.Failed) result).cause());
  }

  private static Decision afterStatus(int status) {
    if (status < 300) {
      return Decision.ANSWER;
    }
    // Said of the key or the moment, so that another key may be told otherwise. Any other refusal
    // is about the request itself. A redirect is not followed (SPEC.md section 6), and not passed
    // on either: the client would take its gateway key to wherever it points.
    boolean isAboutKeyOrMoment =
        status == 401 || status == 403 || status == 408 || status == 429 || status >= 500;
    return isAboutKeyOrMoment ? Decision.NEXT_KEY : Decision.NEXT_CANDIDATE;
  }

  private static Decision afterFailure(AttemptResult.Cause cause) {
    return switch (cause) {
      case UNREACHABLE, BROKEN, TIMEOUT -> Decision.NEXT_KEY;
      case TOTAL_TIMEOUT, CANCELLED, NO_ROOM -> Decision.STOP;
    };
  }
}
