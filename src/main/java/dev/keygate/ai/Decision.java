package dev.keygate.ai;

/** What follows an attempt. */
enum Decision {
  /** The client gets this answer. */
  ANSWER,
  /** The next key of the same candidate, or the next candidate when it has no more. */
  NEXT_KEY,
  /** The next candidate: another key would be told the same. */
  NEXT_CANDIDATE,
  /** No further attempt: the time for all of them is up, or nobody waits for an answer. */
  STOP;

  boolean goesOn() {
    return this == NEXT_KEY || this == NEXT_CANDIDATE;
  }
}
