package dev.keygate.ai.translate;

import java.io.Serial;

/**
 * Something that the other API cannot say, or that is not what its own API allows. The message says
 * where, what, and what would be right; it may go to the client. Has no stack trace.
 */
public final class UntranslatableException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /**
   * @param where path of the field, as in {@code messages[2].content[0]}
   * @param problem what is wrong with it and what would be right
   */
  UntranslatableException(String where, String problem) {
    super(where + ": " + problem, null, false, false);
  }

  /** For what is found before the translation. */
  public static UntranslatableException at(String where, String problem) {
    return new UntranslatableException(where, problem);
  }
}
