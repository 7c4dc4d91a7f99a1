package dev.keygate.policy.trial;

import dev.keygate.endpoint.Endpoint;
import dev.keygate.endpoint.HostPattern;
import dev.keygate.exchange.ClientConnection;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.RequestHead;
import dev.keygate.key.GatewayKey;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.InetAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes exchanges of the requests that tests describe. */
final class ExampleRequests {
  private ExampleRequests() {}

  /** The request as rules see it, or null when its client address is none. */
  static @Nullable Exchange exchange(TrialFile.Request request) {
    ClientConnection connection = connection(request.clientIp());
    if (connection == null) {
      return null;
    }
    int question = request.path().indexOf('?');
    String path = question < 0 ? request.path() : request.path().substring(0, question);
    String query = question < 0 ? null : request.path().substring(question + 1);
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(request.headers());
    RequestHead head =
        new RequestHead(request.method(), request.host(), path, query, "HTTP/1.1", headers);
    Exchange exchange = new Exchange("req_test", connection, head, System.nanoTime());
    HostPattern host = new HostPattern(request.host(), false, 0);
    exchange.endpoint(new Endpoint("ep_test", host, "https://" + request.host(), true, false));
    exchange.body(Buffer.buffer(request.body()));
    TrialFile.Key key = request.key();
    if (key != null) {
      exchange.key(key(key));
    }
    return exchange;
  }

  private static GatewayKey key(TrialFile.Key key) {
    return new GatewayKey(key.id(), "ep_test", key.description(), key.metadata(), false, null);
  }

  private static @Nullable ClientConnection connection(String client) {
    try {
      InetAddress address = InetAddress.ofLiteral(client);
      InetAddress server = InetAddress.getLoopbackAddress();
      return new ClientConnection(address, 50_000, server, 443, "TLSv1.3", "", Instant.EPOCH);
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }
}
