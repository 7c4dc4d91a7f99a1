package dev.keygate.gateway;

import dev.keygate.address.Cidr;
import dev.keygate.exchange.ClientConnection;
import dev.keygate.policy.TrafficPolicy;
import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Objects;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What a listener knows of one connection. Belongs to its event loop. */
final class ConnectionState {
  private final ClientConnection client;
  private final ConnectionGuard guard;
  private @Nullable TrafficPolicy passed;
  private @Nullable InetAddress passedFrom;

  private ConnectionState(ClientConnection client, ConnectionGuard guard) {
    this.client = client;
    this.guard = guard;
  }

  /** Begins to know a connection, whose guard has it from now on. */
  static ConnectionState begin(HttpConnection connection, Instant openedAt) {
    ConnectionGuard guard = Objects.requireNonNull(guardOf(connection));
    ConnectionState state = new ConnectionState(client(connection, openedAt), guard);
    guard.connection(state);
    return state;
  }

  /** What is known of a connection; null before it is, and when it is closed. */
  static @Nullable ConnectionState of(HttpConnection connection) {
    ConnectionGuard guard = guardOf(connection);
    return guard == null ? null : guard.connection();
  }

  /** Nothing more is to be served on it. */
  void end() {
    guard.connection(null);
  }

  /** Among the first of the handlers that have just had the bytes in hand. */
  private static @Nullable ConnectionGuard guardOf(HttpConnection connection) {
    return ((ConnectionBase) connection).channel().pipeline().get(ConnectionGuard.class);
  }

  ClientConnection client() {
    return client;
  }

  ConnectionGuard guard() {
    return guard;
  }

  /**
   * Whether the rules for connections were the last to let a client pass, and this client. Those of
   * another endpoint or another version have not been asked, nor about another client of the same
   * proxy.
   */
  boolean hasPassed(TrafficPolicy policy, InetAddress from) {
    return policy.equals(passed) && from.equals(passedFrom);
  }

  /** The rules for connections let the client pass. */
  void pass(TrafficPolicy policy, InetAddress from) {
    passed = policy;
    passedFrom = from;
  }

  private static ClientConnection client(HttpConnection connection, Instant openedAt) {
    SSLSession session = connection.isSsl() ? connection.sslSession() : null;
    String name = connection.indicatedServerName();
    InetSocketAddress remote = end(connection.remoteAddress(true));
    InetSocketAddress local = end(connection.localAddress(true));
    Channel channel = ((ConnectionBase) connection).channel();
    if (channel.attr(ProxyHeaderReader.SAID).get() instanceof ProxyHeader.PassedOn passedOn) {
      remote = passedOn.source();
      local = passedOn.destination();
    }
    return new ClientConnection(
        remote.getAddress(),
        remote.getPort(),
        local.getAddress(),
        local.getPort(),
        session == null ? "" : session.getProtocol(),
        name == null ? "" : name,
        openedAt);
  }

  /** A Unix socket is as local as it gets. */
  private static InetSocketAddress end(@Nullable SocketAddress address) {
    return address == null || address.hostAddress() == null
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)
        : new InetSocketAddress(withoutZone(address.hostAddress()), address.port());
  }

  /** A zone is a name of this machine's, not part of an address. */
  private static InetAddress withoutZone(String address) {
    int zone = address.indexOf('%');
    return Cidr.address(zone < 0 ? address : address.substring(0, zone));
  }
}
