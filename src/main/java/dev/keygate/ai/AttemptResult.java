package dev.keygate.ai;

import dev.keygate.exchange.ResponseBody;
import io.vertx.core.MultiMap;

/** How one attempt ended. */
sealed interface AttemptResult {

  /**
   * The provider answered. The body of an answer of 200 to 299 may still be on its way; that of any
   * other is whole, so that it can be kept while the next attempt is made.
   *
   * @param headers what may be passed on of the provider's headers
   */
  record Answered(int status, MultiMap headers, ResponseBody body) implements AttemptResult {}

  /**
   * The provider did not answer, or not with HTTP.
   *
   * @param detail for the operator's log; never holds a credential
   */
  record Failed(Cause cause, String detail) implements AttemptResult {}

  /** Why there was no answer; the text is what clients are told. */
  enum Cause {
    /** No connection: name, address, TCP or TLS. */
    UNREACHABLE("could not be reached"),
    /** The connection broke, or what came was not a whole answer. */
    BROKEN("broke off"),
    /** No byte within the time for one attempt. */
    TIMEOUT("did not answer in time"),
    /** The time for all attempts was up. */
    TOTAL_TIMEOUT("did not answer in time"),
    /** The client went away. */
    CANCELLED("was not waited for"),
    /** It answered, and there was no memory to read that whole. */
    NO_ROOM("was not read to the end");

    private final String words;

    Cause(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }
}
