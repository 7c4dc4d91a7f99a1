package dev.keygate.policy.action;

import dev.keygate.endpoint.Endpoint;
import dev.keygate.exchange.ClientConnection;
import dev.keygate.exchange.CredentialHeaders;
import dev.keygate.exchange.Exchange;
import dev.keygate.key.GatewayKey;
import dev.keygate.key.TokenText;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps what a request authenticates with out of what rules note: the values of the headers that
 * hold credentials, wherever in a text they stand. What the gateway knows of a request by itself
 * stays: a client could have its address blotted out by sending it as a cookie.
 */
final class Credentials {
  /** Headers whose values are credentials, in lower case. */
  static final Set<String> HEADERS =
      Stream.concat(
              CredentialHeaders.NAMES.stream(),
              Stream.of("proxy-authorization", "cookie", "x-auth-token"))
          .collect(Collectors.toUnmodifiableSet());

  static final String BLOT = "***";

  /** What is shorter is no credential, and would be found in every text. */
  private static final int SHORTEST = 4;

  private final List<String> values = new ArrayList<>();
  private final List<String> facts;

  /** Those that the request carries. */
  Credentials(Exchange exchange) {
    for (String name : HEADERS) {
      for (String line : exchange.headers().getAll(name)) {
        add(line);
        add(line.substring(line.indexOf(' ') + 1));
        if (name.equals("cookie")) {
          for (String cookie : line.split(";", -1)) {
            add(cookie.substring(cookie.indexOf('=') + 1).strip());
          }
        }
      }
    }
    facts = facts(exchange);
  }

  /**
   * What of a request is no secret whoever sends it. A key's description and metadata are not here:
   * an operator may have written into them what rules compare credentials with.
   */
  private static List<String> facts(Exchange exchange) {
    ClientConnection connection = exchange.connection();
    Endpoint endpoint = exchange.endpoint();
    GatewayKey key = exchange.key();
    return Stream.of(
            connection.client().getHostAddress(),
            connection.server().getHostAddress(),
            connection.tlsVersion(),
            endpoint == null ? "" : endpoint.id(),
            endpoint == null ? "" : endpoint.url(),
            key == null ? "" : key.id())
        .filter(fact -> fact.length() >= SHORTEST)
        .toList();
  }

  private void add(String value) {
    if (value.length() >= SHORTEST) {
      values.add(value);
    }
  }

  /** The value without the credentials in its texts, gateway keys among them. */
  Object redact(Object value) {
    return switch (value) {
      case String text -> redact(text);
      case List<?> items -> {
        List<Object> redacted = new ArrayList<>(items.size());
        items.forEach(item -> redacted.add(redact((Object) item)));
        yield redacted;
      }
      case Map<?, ?> entries -> {
        Map<Object, Object> redacted = new LinkedHashMap<>();
        entries.forEach((name, item) -> redacted.put(redact((Object) name), redact((Object) item)));
        yield redacted;
      }
      default -> value;
    };
  }

  private String redact(String text) {
    String kept = TokenText.redact(text);
    BitSet hidden = new BitSet();
    values.forEach(value -> each(value, kept, hidden::set));
    facts.forEach(fact -> each(fact, kept, hidden::clear));
    StringBuilder redacted = new StringBuilder();
    int at = 0;
    for (int start = hidden.nextSetBit(0); start >= 0; start = hidden.nextSetBit(at)) {
      redacted.append(kept, at, start).append(BLOT);
      at = hidden.nextClearBit(start);
    }
    return redacted.append(kept, at, kept.length()).toString();
  }

  /** Takes the places where a part stands in a text, each from its start to its end. */
  private interface Places {
    void take(int start, int end);
  }

  private static void each(String part, String text, Places places) {
    for (int start = text.indexOf(part); start >= 0; ) {
      int end = start + part.length();
      places.take(start, end);
      start = text.indexOf(part, end);
    }
  }
}
