package dev.keygate.server;

import dev.keygate.live.Freshness;
import java.util.ArrayList;
import java.util.List;

/** Whether load balancers should send requests here, and why not. Safe for use from any thread. */
final class Readiness {
  private final Freshness freshness;
  private volatile boolean isDraining;

  Readiness(Freshness freshness) {
    this.freshness = freshness;
  }

  /** The node is about to stop; there is no way back. */
  void draining() {
    isDraining = true;
  }

  /** Empty when ready. */
  List<String> reasonsAgainst() {
    List<String> reasons = new ArrayList<>();
    if (isDraining) {
      reasons.add("draining: the node is about to stop");
    }
    if (freshness.isExpired()) {
      reasons.add(
          "the database has not answered for %d s: keys cannot be checked"
              .formatted(freshness.age() / 1_000_000_000L));
    }
    return reasons;
  }
}
