package dev.keygate.control;

/** Makes committed changes effective in what requests are served from. */
@FunctionalInterface
public interface Publisher {
  /** Returns when every change committed before the call is effective on this node. Blocking. */
  void catchUp();
}
