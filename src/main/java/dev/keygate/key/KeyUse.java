package dev.keygate.key;

/**
 * In which second a key was last used, kept beside the key: a check has it at hand, where looking
 * it up elsewhere for each of many keys would be waiting for memory. Safe for use from any thread;
 * of several that ask at once more than one may hear that it was the first.
 */
public interface KeyUse {
  /** Whether this is the first use in this second, since 1970. */
  boolean isFirstIn(long second);
}
