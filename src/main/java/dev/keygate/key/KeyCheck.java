package dev.keygate.key;

/** What checking a presented key came to. Clients are told less than this; the log is told all. */
public sealed interface KeyCheck {

  record Valid(GatewayKey key) implements KeyCheck {}

  record Invalid(Reason reason) implements KeyCheck {}

  /** Why a key is not valid. */
  enum Reason {
    MALFORMED,
    UNKNOWN,
    WRONG_SECRET,
    DISABLED,
    EXPIRED
  }
}
