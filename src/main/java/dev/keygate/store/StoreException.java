package dev.keygate.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The database could not be reached or did not do what it was asked. The message names what to do
 * about it, and no value that was stored or sent.
 */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Whether the database refused the data themselves, as it will however often they are sent. */
  public boolean isRefusal() {
    return getCause() instanceof SQLException reported && Failures.isRefusal(reported);
  }
}
