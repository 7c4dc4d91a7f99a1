package dev.keygate.policy;

import dev.keygate.policy.document.Phase;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A kind of action that policies may name. One class says everything about it: what it is called,
 * where it may stand, what it is configured with, and how that becomes something that runs. Adding
 * a kind is that class and a line in the registry.
 *
 * @param <C> its configuration: a record whose components carry {@code @Setting}
 */
public interface ActionType<C extends Record> {
  /** What follows an action that ran. */
  enum Ending {
    /** Every time, the phase ends: what follows it does not run. */
    ALWAYS,
    /** Sometimes the phase ends. */
    SOMETIMES,
    /** The next action runs, whatever happened; an error in evaluating it aside. */
    NEVER
  }

  /** Whether a request can be refused by it; decides what counts as an open relay. */
  enum Guard {
    /** It lets every request go on. */
    NONE,
    /** It refuses every request it runs for: a guard where its rule has a condition. */
    WITH_CONDITION,
    /** It looks at the request and refuses some. */
    BY_ITSELF
  }

  /** As documents write it, for example {@code custom-response}. */
  String name();

  /** The phases in which it may stand. */
  Set<Phase> phases();

  Ending ending();

  /** What follows an action with this configuration, where that makes a difference. */
  default Ending ending(C config) {
    return ending();
  }

  default Guard guard(C config) {
    return Guard.NONE;
  }

  /** The record that its {@code config} is read into. */
  Class<C> config();

  /**
   * Makes the action.
   *
   * @return the action, or null when {@code context} was told of a problem
   */
  @Nullable Action compile(C config, ActionContext context);

  /** How requests are authorized where such an action stands; only {@code ai-gateway} says so. */
  default @Nullable Authorization authorization(C config) {
    return null;
  }

  /** Whether it reads bytes of answers, which providers must then not compress. */
  default boolean readsResponseBody() {
    return false;
  }
}
