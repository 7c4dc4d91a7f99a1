package dev.keygate.usage;

/** Where it is remembered what happened to requests. */
public interface RequestLog {
  /** Remembers nothing. */
  RequestLog NONE = () -> record -> {};

  /** A lane for one event loop. */
  Lane lane();

  /** What one event loop appends to, without waiting. */
  @FunctionalInterface
  interface Lane {
    void append(RequestRecord record);
  }
}
