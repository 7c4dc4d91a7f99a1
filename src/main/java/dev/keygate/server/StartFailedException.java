package dev.keygate.server;

/** The server could not start; the message is for people and says what would help. */
public final class StartFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StartFailedException(String message, Throwable cause) {
    super(message, cause);
  }

  StartFailedException(String message) {
    super(message);
  }
}
