package dev.keygate.policy.action;

import dev.keygate.policy.ActionType;
import java.util.List;

/** The registry of the actions that need nothing but the request. */
public final class StandardActions {
  private StandardActions() {}

  /** One of each, in the order in which they are documented. */
  public static List<ActionType<?>> all() {
    return List.of(new CustomResponse(), new Deny(), new SetVars());
  }
}
