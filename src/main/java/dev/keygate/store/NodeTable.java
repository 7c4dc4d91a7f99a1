package dev.keygate.store;

import java.time.Duration;

/**
 * The nodes that serve from the database. Times are the database's own, so that nodes need not
 * agree about theirs.
 */
public interface NodeTable {
  /** Notes that this node is there, and has applied every change up to {@code applied}. */
  void beat(String id, long applied);

  /** The node serves no more; false when it was not known. */
  boolean remove(String id);

  /**
   * Whether a node other than {@code self} that was seen within {@code lease} has not applied the
   * change {@code sequence}.
   */
  boolean isAnyBehind(String self, long sequence, Duration lease);

  /** How many nodes were seen within {@code lease}. */
  int alive(Duration lease);

  /** Forgets nodes that were not seen within {@code lease}, and says how many they were. */
  int removeUnseen(Duration lease);
}
