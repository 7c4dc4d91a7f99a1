package dev.keygate.cluster;

/** How limits are held while Redis does not answer. */
public enum WithoutRedis {
  /**
   * Each node counts by itself, to its share: the capacity divided by the nodes last seen alive. A
   * capacity of fewer than one a node admits nothing.
   */
  LOCAL,
  /** Whatever is limited is refused. */
  DENY
}
