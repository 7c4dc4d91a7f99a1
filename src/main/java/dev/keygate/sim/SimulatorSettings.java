package dev.keygate.sim;

import java.time.InstantSource;

/**
 * What a simulated provider is started with.
 *
 * @param host the address to listen on
 * @param port the port, 0 for any free one
 * @param eventLoops threads that serve requests
 * @param recordedRequests how many requests are remembered, the oldest forgotten first; 0 turns
 *     recording off
 * @param recordedBodyBytes how much of each request body is remembered
 * @param clock tells when a request came and when an answer was made
 */
public record SimulatorSettings(
    String host,
    int port,
    int eventLoops,
    int recordedRequests,
    int recordedBodyBytes,
    InstantSource clock) {

  public SimulatorSettings {
    if (eventLoops < 1) {
      throw new IllegalArgumentException("event loops " + eventLoops + ": expected at least 1");
    }
    if (recordedRequests < 0 || recordedBodyBytes < 0) {
      throw new IllegalArgumentException("what is recorded cannot be negative");
    }
  }

  /** One event loop, the last 10,000 requests remembered with up to 64 KiB of body each. */
  public static SimulatorSettings at(String host, int port) {
    return new SimulatorSettings(host, port, 1, 10_000, 64 * 1024, InstantSource.system());
  }

  /**
   * The same, remembering nothing: for benchmarks, where remembering would be part of what is
   * measured.
   */
  public SimulatorSettings withoutRecording() {
    return new SimulatorSettings(host, port, eventLoops, 0, 0, clock);
  }

  /** The same on this many event loops. */
  public SimulatorSettings withEventLoops(int loops) {
    return new SimulatorSettings(host, port, loops, recordedRequests, recordedBodyBytes, clock);
  }
}
