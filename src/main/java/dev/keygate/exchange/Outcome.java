package dev.keygate.exchange;

import io.vertx.core.Future;

/**
 * How a step of the data plane ended. A returned value cannot be forgotten or given twice, and
 * whoever runs the steps has to say what each ending means.
 */
public sealed interface Outcome {

  /** The next step's turn. */
  record Continue() implements Outcome {}

  /** The phase ends with this answer. */
  record Respond(Response response) implements Outcome {}

  /** The phase ends with an error in the shape of the client's surface. */
  record Refuse(Refusal refusal) implements Outcome {}

  /** The connection is closed without an answer. */
  record Close() implements Outcome {}

  /**
   * Not known yet: the step does I/O. A failed future is a programming error and refuses the
   * request. Completes on the exchange's event loop.
   */
  record Pending(Future<Outcome> outcome) implements Outcome {}

  Outcome CONTINUE = new Continue();
  Outcome CLOSE = new Close();

  static Outcome refuse(ErrorCode code, String message) {
    return new Refuse(Refusal.of(code, message));
  }
}
