package dev.keygate.server;

import dev.keygate.cluster.Membership;
import dev.keygate.live.ChangeFollower;
import dev.keygate.store.StoreException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
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
   * How old a view may be before it is renewed. Alone, every change is this process's own and is
   * read at once, so that nothing is to be seen but whether the database still answers.
   */
  private static final Duration OLD_ALONE = Duration.ofSeconds(5);

  /** How often a view is renewed, at least, before it is too old. */
  private static final int RENEWALS = 4;

  /**
   * What a change made elsewhere takes to be in force here at most, and its maker to be told so.
   */
  private static final Duration AMONG_OTHERS = Duration.ofMillis(100);

  private final Optional<Membership> nodes;
  private final Duration maxKeyAge;
  private final ChangeFollower follower;

  /**
   * @param maxKeyAge how old a view may become, see {@link dev.keygate.live.Freshness}
   * @param follower makes the follower that tells the other nodes how far it is
   */
  Following(
      Optional<Membership> nodes,
      Duration maxKeyAge,
      Function<LongPredicate, ChangeFollower> follower) {
    this.nodes = nodes;
    this.maxKeyAge = maxKeyAge;
    this.follower =
        follower.apply(sequence -> nodes.map(members -> members.applied(sequence)).orElse(true));
  }

  /** Reads everything, and then what changes. */
  void start(Closing parts) {
    nodes.ifPresent(members -> parts.add(members).join());
    follower.load();
    parts.add(
        nodes.isPresent()
            ? PeriodicTask.start("change-follower", AMONG_OTHERS, follower::poll)
            : PeriodicTask.start(
                "change-follower", pauseAlone(maxKeyAge), () -> follower.pollIfOlder(oldAlone())));
  }

  private Duration oldAlone() {
    return Collections.min(List.of(OLD_ALONE, maxKeyAge.dividedBy(RENEWALS)));
  }

  /** How long a node alone waits until it looks at its view again. */
  static Duration pauseAlone(Duration maxKeyAge) {
    Duration soon = Collections.min(List.of(ALONE, maxKeyAge.dividedBy(RENEWALS)));
    return Collections.max(List.of(AMONG_OTHERS, soon));
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
