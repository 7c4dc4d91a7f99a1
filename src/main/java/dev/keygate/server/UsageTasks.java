package dev.keygate.server;

import dev.keygate.usage.Journal;
import java.time.Duration;

/**
 * What goes on beside requests so that each of them is in the request log, and how it shares a core
 * with them.
 */
final class UsageTasks {
  private UsageTasks() {}

  /**
   * Starts them. Room is made in the journal on a thread that does nothing else: who writes waits
   * for the store, and who wants to write for its turn, for as long as a slow store or a core that
   * is never free takes; an event loop fills what room there is in two seconds.
   *
   * @param pause between two looks of each
   */
  static void start(
      Closing parts, Scheduling scheduling, Journal journal, UsageWriter usage, Duration pause) {
    parts.add(usage::finish);
    parts.add(PeriodicTask.start(() -> {}, "journal-room", pause, journal::prepare));
    parts.add(PeriodicTask.start(scheduling::whenIdle, "journal", pause, usage::read));
    parts.add(PeriodicTask.start(scheduling::behind, "usage", pause, usage::write));
    parts.add(PeriodicTask.start("usage-help", pause, usage::help));
  }
}
