package dev.keygate.gateway;

import dev.keygate.address.CidrSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the gateway listens, and what it bears.
 *
 * @param port 0 for any free one
 * @param eventLoops listeners, each on an event loop of its own; 1 or more
 * @param maxBody bytes of one request body
 * @param maxBuffered bytes of all bodies that are held: requests' until they are answered, answers'
 *     that are read whole
 * @param maxHeaderBytes of one request head
 * @param maxHeaderLines of one request head
 * @param requestTimeout for the rest of a request once its head is here
 * @param idleTimeout after which a silent connection is closed, and an answer given up that its
 *     client does not read
 * @param proxies what stands between clients and this listener
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
    Proxies proxies,
    Optional<Tls> tls) {

  /**
   * Proxies whose word on who called them is taken.
   *
   * @param trusted their addresses
   * @param sendHeader whether they begin each connection with a PROXY protocol header
   */
  public record Proxies(CidrSet trusted, boolean sendHeader) {
    public static final Proxies NONE = new Proxies(CidrSet.EMPTY, false);
  }

  /** PEM files. */
  public record Tls(Path certificate, Path key) {}
}
