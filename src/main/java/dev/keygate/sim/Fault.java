package dev.keygate.sim;

import java.util.regex.Pattern;

/** One way in which the simulator can misbehave; {@link SimulatedProvider} explains each. */
enum Fault {
  STATUS("status-([2-5]\\d\\d)"),
  RETRY_AFTER("retry-after-(\\d{1,4})s"),
  DELAY("delay-(\\d{1,6})ms"),
  SLOW("slow-(\\d{1,6})ms"),
  CHUNKS("chunks-(\\d{1,6})"),
  HUGE("huge-(\\d{1,3})mb"),
  CUT("cut-(\\d{1,6})"),
  STALL_HEADERS("stall-headers"),
  STALL("stall-(\\d{1,6})"),
  RESET("reset"),
  MALFORMED("malformed"),
  BAD_LENGTH("badlength"),
  REDIRECT("redirect");

  private final Pattern exact;
  private final Pattern inModelName;

  Fault(String pattern) {
    exact = Pattern.compile(pattern);
    // A whole word: "sim-cut-3" but neither "maxim-cut-3" nor "sim-cut-3rd".
    inModelName = Pattern.compile("(?<![A-Za-z0-9])sim-" + pattern + "(?![A-Za-z0-9])");
  }

  /** Matches the fault alone, its number (if it has one) as group 1. */
  Pattern exact() {
    return exact;
  }

  /** Finds the fault in a model name, its number (if it has one) as group 1. */
  Pattern inModelName() {
    return inModelName;
  }
}
