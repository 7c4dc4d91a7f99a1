package dev.keygate.policy.expression;

import dev.keygate.endpoint.Endpoint;
import dev.keygate.exchange.Exchange;
import java.net.URI;

/** The parts of the URL of the endpoint that a request is for; empty when there is none yet. */
final class EndpointUrl {
  private static final URI NONE = URI.create("");

  private EndpointUrl() {}

  static String text(Exchange exchange) {
    Endpoint endpoint = exchange.endpoint();
    return endpoint == null ? "" : endpoint.url();
  }

  static String protocol(Exchange exchange) {
    String scheme = uri(exchange).getScheme();
    return scheme == null ? "" : scheme;
  }

  static String host(Exchange exchange) {
    String authority = uri(exchange).getRawAuthority();
    return authority == null ? "" : RequestUrl.host(authority);
  }

  static long port(Exchange exchange) {
    int port = uri(exchange).getPort();
    return port >= 0 ? port : protocol(exchange).equals("http") ? 80 : 443;
  }

  private static URI uri(Exchange exchange) {
    try {
      return URI.create(text(exchange));
    } catch (IllegalArgumentException wildcard) {
      return NONE;
    }
  }
}
