package dev.keygate.gateway;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the gateway listens, and what it bears.
 *
 * @param port 0 for any free one
 * @param eventLoops listeners, each on an event loop of its own; 1 or more
 * @param maxBody bytes of one request body
 * @param maxBuffered bytes of all request bodies that wait to be complete or answered
 * @param maxHeaderBytes of one request head
 * @param maxHeaderLines of one request head
 * @param requestTimeout for the rest of a request once its head is here
 * @param idleTimeout after which a silent connection is closed
 * @param tls certificate and key, when the listener speaks TLS
 */
public record GatewaySettings(
    String host,
    int port,
    int eventLoops,
    long maxBody,
    long maxBuffered,
    int maxHeaderBytes,
    int maxHeaderLines,
    Duration requestTimeout,
    Duration idleTimeout,
    Optional<Tls> tls) {

  /** PEM files. */
  public record Tls(Path certificate, Path key) {}
}
