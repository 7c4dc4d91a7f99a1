package dev.keygate.policy.action;

import dev.keygate.exchange.Exchange;
import dev.keygate.key.TokenText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps what a request authenticates with out of what rules note: the values of the headers that
 * hold credentials, wherever in a text they stand.
 */
final class Credentials {
  /** Headers whose values are credentials, in lower case. */
  static final Set<String> HEADERS =
      Set.of(
          "authorization",
          "proxy-authorization",
          "cookie",
          "api-key",
          "x-api-key",
          "x-goog-api-key",
          "x-auth-token");

  static final String BLOT = "***";

  /** What is shorter is no credential, and would be found in every text. */
  private static final int SHORTEST = 4;

  private final List<String> values = new ArrayList<>();

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
    // The longest first: a part that is blotted out would hide the whole.
    values.sort(Comparator.comparingInt(String::length).reversed());
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
    String redacted = TokenText.redact(text);
    for (String value : values) {
      redacted = redacted.replace(value, BLOT);
    }
    return redacted;
  }
}
