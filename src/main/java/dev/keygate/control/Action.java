package dev.keygate.control;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A change that is neither making, changing nor deleting one object: a POST with its own name. */
@FunctionalInterface
interface Action {
  /** Does it, inside the store's transaction. */
  Done run(Change change);

  /**
   * What is answered.
   *
   * @param shown holds no secret
   * @param token shown once, in the answer to this call alone
   */
  record Done(ObjectNode shown, Optional<String> token) {}
}
