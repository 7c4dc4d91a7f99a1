package dev.keygate.policy;

import dev.keygate.endpoint.Endpoint;
import dev.keygate.endpoint.HostPattern;
import dev.keygate.exchange.ClientConnection;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.RequestHead;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.InetAddress;
import java.time.Instant;

/** Requests as tests need them. */
public final class Exchanges {
  public static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");

  private Exchanges() {}

  /** {@code GET /} without headers of its own. */
  public static Exchange get(String target) {
    return request("GET", target, "");
  }

  /**
   * A request over TLS from 203.0.113.7 to the endpoint {@code https://ai.example.com}.
   *
   * @param target path and, after a question mark, query
   * @param headers name and value in turn
   */
  public static Exchange request(String method, String target, String body, String... headers) {
    MultiMap fields = MultiMap.caseInsensitiveMultiMap();
    for (int at = 0; at < headers.length; at += 2) {
      fields.add(headers[at], headers[at + 1]);
    }
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    String query = question < 0 ? null : target.substring(question + 1);
    RequestHead head = new RequestHead(method, "ai.example.com", path, query, "HTTP/1.1", fields);
    Exchange exchange = new Exchange("req_1", connection("203.0.113.7"), head, System.nanoTime());
    exchange.endpoint(
        new Endpoint(
            "ep_1",
            new HostPattern("ai.example.com", false, 0),
            "https://ai.example.com",
            true,
            false));
    exchange.body(Buffer.buffer(body));
    return exchange;
  }

  private static ClientConnection connection(String client) {
    InetAddress address = InetAddress.ofLiteral(client);
    InetAddress server = InetAddress.ofLiteral("198.51.100.1");
    return new ClientConnection(address, 50_000, server, 443, "TLSv1.3", "ai.example.com", NOW);
  }
}
