package dev.keygate.control;

/** Makes committed changes effective in what requests are served from. */
@FunctionalInterface
public interface Publisher {
  /** Returns when every change committed before the call is in force on every node. Blocking. */
  void catchUp();
}
