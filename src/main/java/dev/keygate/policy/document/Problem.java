package dev.keygate.policy.document;

import java.util.Comparator;

/**
 * Something about a document that its author should know.
 *
 * @param path where in the document's structure, for example {@code
 *     on_http_request[0].actions[1].config.status_code}; empty for the whole document
 * @param position where in its text
 * @param message what is wrong and what would be right
 */
public record Problem(Severity severity, String path, Position position, String message) {

  /** What a problem means for saving. */
  public enum Severity {
    /** The document is refused. */
    ERROR,
    /** The document works, but probably not as meant. */
    WARNING
  }

  /** From the top of the text to its bottom. */
  public static final Comparator<Problem> BY_POSITION =
      Comparator.comparing(Problem::position).thenComparing(Problem::message);

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** One line: position, severity when it is a warning, path, message. */
  @Override
  public String toString() {
    return position
        + (isError() ? " " : " warning: ")
        + (path.isEmpty() ? "" : path + ": ")
        + message;
  }
}
