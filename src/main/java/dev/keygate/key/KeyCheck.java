package dev.keygate.key;

/** What checking a presented key came to. Clients are told less than this; the log is told all. */
public sealed interface KeyCheck {

  /**
   * The key may be used.
   *
   * @param use of the key, for who admits it to say so
   * @param retiredLookupId lookup id of the token when it is not the key's own any more, else empty
   */
  record Valid(GatewayKey key, KeyUse use, String retiredLookupId) implements KeyCheck {}

  record Invalid(Reason reason) implements KeyCheck {}

  /** Why a key is not valid. */
  enum Reason {
    MALFORMED,
    UNKNOWN,
    WRONG_SECRET,
    DISABLED,
    EXPIRED,
    /** The token of a key that was deleted, or that has another token by now. */
    RETIRED
  }
}
