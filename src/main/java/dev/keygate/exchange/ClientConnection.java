package dev.keygate.exchange;

import java.net.InetAddress;
import java.time.Instant;

/**
 * The connection a request came in on.
 *
 * @param client who called: the other end of the TCP connection, or whom a trusted proxy there
 *     names. An IPv4-mapped IPv6 address is the IPv4 one
 * @param clientPort 0 when a header of the request named the client
 * @param tlsVersion for example {@code TLSv1.3}, or empty without TLS
 * @param serverName the name the client asked for in TLS (SNI), or empty
 * @param openedAt when it was accepted
 */
public record ClientConnection(
    InetAddress client,
    int clientPort,
    InetAddress server,
    int serverPort,
    String tlsVersion,
    String serverName,
    Instant openedAt) {

  /** The connection as one on which a proxy passes on a request of somebody else. */
  public ClientConnection onBehalfOf(InetAddress other) {
    return other.equals(client)
        ? this
        : new ClientConnection(other, 0, server, serverPort, tlsVersion, serverName, openedAt);
  }
}
