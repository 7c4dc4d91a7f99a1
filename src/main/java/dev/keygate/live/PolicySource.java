package dev.keygate.live;

import dev.keygate.policy.TrafficPolicy;

/** Turns a stored policy document into its compiled form. */
@FunctionalInterface
public interface PolicySource {
  /**
   * Compiles the document.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  TrafficPolicy compile(String document);
}
