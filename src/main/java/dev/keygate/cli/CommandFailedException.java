package dev.keygate.cli;

/** A command could not do what it was asked; the message says why and what would help. */
final class CommandFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailedException(String message) {
    super(message, null, false, false);
  }
}
