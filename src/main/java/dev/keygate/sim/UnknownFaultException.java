package dev.keygate.sim;

/** The {@code x-sim-fault} header names something that is no fault. */
final class UnknownFaultException extends Exception {

  UnknownFaultException(String name) {
    super("x-sim-fault '" + name + "': expected a fault such as status-429 or cut-3");
  }
}
