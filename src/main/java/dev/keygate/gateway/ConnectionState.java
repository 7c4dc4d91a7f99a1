package dev.keygate.gateway;

import dev.keygate.exchange.ClientConnection;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What a listener knows of one connection. Belongs to its event loop. */
final class ConnectionState {
  private final ClientConnection client;
  private final ConnectionGuard guard;
  private boolean hadRequest;

  private ConnectionState(ClientConnection client, ConnectionGuard guard) {
    this.client = client;
    this.guard = guard;
  }

  static ConnectionState of(HttpConnection connection, Instant openedAt) {
    ConnectionGuard guard =
        ((ConnectionBase) connection).channel().pipeline().get(ConnectionGuard.class);
    return new ConnectionState(client(connection, openedAt), guard);
  }

  ClientConnection client() {
    return client;
  }

  ConnectionGuard guard() {
    return guard;
  }

  /** True for the first request on the connection, and only for it. */
  boolean takeFirst() {
    boolean first = !hadRequest;
    hadRequest = true;
    return first;
  }

  private static ClientConnection client(HttpConnection connection, Instant openedAt) {
    SSLSession session = connection.isSsl() ? connection.sslSession() : null;
    String name = connection.indicatedServerName();
    SocketAddress remote = connection.remoteAddress(true);
    SocketAddress local = connection.localAddress(true);
    return new ClientConnection(
        address(remote),
        port(remote),
        address(local),
        port(local),
        session == null ? "" : session.getProtocol(),
        name == null ? "" : name,
        openedAt);
  }

  private static InetAddress address(@Nullable SocketAddress address) {
    if (address != null && address.hostAddress() != null) {
      try {
        return InetAddress.getByName(address.hostAddress());
      } catch (UnknownHostException e) {
        throw new IllegalStateException("a literal address needs no look-up", e);
      }
    }
    return InetAddress.getLoopbackAddress(); // a Unix socket is as local as it gets
  }

  private static int port(@Nullable SocketAddress address) {
    return address == null ? 0 : address.port();
  }
}
