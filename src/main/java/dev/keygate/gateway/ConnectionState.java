package dev.keygate.gateway;

import dev.keygate.exchange.ClientConnection;

/** What a listener knows of one connection. Belongs to its event loop. */
final class ConnectionState {
  private final ClientConnection client;
  private boolean hadRequest;

  ConnectionState(ClientConnection client) {
    this.client = client;
  }

  ClientConnection client() {
    return client;
  }

  /** True for the first request on the connection, and only for it. */
  boolean takeFirst() {
    boolean first = !hadRequest;
    hadRequest = true;
    return first;
  }
}
