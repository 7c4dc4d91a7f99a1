package dev.keygate.control;

import java.time.Duration;

/**
 * What bounds the control API.
 *
 * @param callsPerMinute of one management key
 * @param callsAtATime of all together; what is beyond is refused at once
 * @param rowsPerFilter that one filtered list looks at
 * @param bodyTimeout from asking for a body to its last byte
 * @param stop for calls under way when the server stops
 */
record ControlLimits(
    int callsPerMinute, int callsAtATime, int rowsPerFilter, Duration bodyTimeout, Duration stop) {
  static final ControlLimits DEFAULT =
      new ControlLimits(6000, 64, 100_000, Duration.ofSeconds(30), Duration.ofSeconds(5));
}
