package dev.keygate.secret;

/**
 * Nothing can be sealed, for the master key cannot be read. The message says where it was looked
 * for and what to do about it, and holds no key.
 */
public final class NoMasterKeyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NoMasterKeyException(Throwable cause) {
    super("the master key cannot be read: " + cause.getMessage(), cause);
  }
}
