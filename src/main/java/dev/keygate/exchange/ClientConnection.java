package dev.keygate.exchange;

import java.net.InetAddress;
import java.time.Instant;

/**
 * The connection a request came in on.
 *
 * @param client the TCP peer's address: never one that a header claims
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
    Instant openedAt) {}
