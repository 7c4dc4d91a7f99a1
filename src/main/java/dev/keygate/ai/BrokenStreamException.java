package dev.keygate.ai;

import java.io.IOException;
import java.io.Serial;

/** The provider broke off in the middle of an answer that had begun. Has no stack trace. */
final class BrokenStreamException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  BrokenStreamException(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
