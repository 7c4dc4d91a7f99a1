package dev.keygate.server;

import dev.keygate.cluster.Membership;
import dev.keygate.live.ChangeFollower;
import dev.keygate.store.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongPredicate;

/**
 * How a node keeps its memory equal to the store: by itself on SQLite, and as one of several nodes,
 * which wait for each other, on PostgreSQL.
 */
final class Following {
  private static final Duration ALONE = Duration.ofSeconds(1);

  /**
   * What a change made elsewhere takes to be in force here at most, and its maker to be told so.
   */
  private static final Duration AMONG_OTHERS = Duration.ofMillis(100);

  private final Optional<Membership> nodes;
  private final ChangeFollower follower;

  /**
   * @param follower makes the follower that tells the other nodes how far it is
   */
  Following(Optional<Membership> nodes, Function<LongPredicate, ChangeFollower> follower) {
    this.nodes = nodes;
    this.follower =
        follower.apply(sequence -> nodes.map(members -> members.applied(sequence)).orElse(true));
  }

  /** Reads everything, and then what changes. */
  void start(Closing parts) {
    nodes.ifPresent(members -> parts.add(members).join());
    follower.load();
    parts.add(
        PeriodicTask.start(
            "change-follower", nodes.isPresent() ? AMONG_OTHERS : ALONE, follower::poll));
  }

  /**
   * Returns when every change committed before the call is in force on every node.
   *
   * @throws StoreException when this node cannot apply it
   */
  void settle() {
    long applied = follower.catchUp();
    nodes.ifPresent(members -> members.awaitAll(applied));
  }
}
