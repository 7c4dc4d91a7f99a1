package dev.keygate.policy.expression;

import io.vertx.core.MultiMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Headers by name, in any letter case; an absent one reads as an empty list. */
@SuppressWarnings("Immutable") // a view of one request, read by its own event loop only
final class HeaderMap extends LazyMap {
  private final MultiMap headers;

  HeaderMap(MultiMap headers) {
    this.headers = headers;
  }

  @Override
  Object lookUp(Object key) {
    return key instanceof String name ? TextList.of(headers.getAll(name)) : TextList.EMPTY;
  }

  @Override
  boolean has(Object key) {
    return key instanceof String name && headers.contains(name);
  }

  @Override
  Map<Object, Object> everything() {
    Map<Object, Object> all = new LinkedHashMap<>();
    for (String name : headers.names()) {
      all.putIfAbsent(name.toLowerCase(Locale.ROOT), TextList.of(headers.getAll(name)));
    }
    return all;
  }
}
