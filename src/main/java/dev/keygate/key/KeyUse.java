package dev.keygate.key;

/**
 * In which second a key was last used, kept beside the key: a check has it at hand, where looking
 * it up elsewhere for each of many keys would be waiting for memory. Safe for use from any thread;
 * of several that ask at once more than one may hear that it was the first.
 */
public final class KeyUse {
  private volatile long second = -1;

  /** Whether this is the first use in this second, since 1970. */
  public boolean isFirstIn(long now) {
    if (second == now) {
      return false;
    }
    second = now;
    return true;
  }
}
