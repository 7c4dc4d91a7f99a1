package dev.keygate.policy.expression;

import dev.cel.common.values.NullValue;
import java.util.LinkedHashMap;
import java.util.Map;

/** Maps in which what is absent reads as null, at every depth, instead of failing. */
public final class Lenient {
  private Lenient() {}

  /** A view of texts, numbers, booleans, lists and maps by name. */
  public static Object map(Map<?, ?> map) {
    return new View(map);
  }

  private static Object entry(Object plain) {
    return plain instanceof Map<?, ?> map ? new View(map) : Values.toCel(plain);
  }

  /** One map of them. */
  @SuppressWarnings("Immutable") // a view of configuration, which does not change
  private static final class View extends LazyMap {
    private final Map<?, ?> map;

    View(Map<?, ?> map) {
      this.map = map;
    }

    @Override
    Object lookUp(Object key) {
      Object found = map.get(key);
      return found == null ? NullValue.NULL_VALUE : entry(found);
    }

    @Override
    boolean has(Object key) {
      return map.containsKey(key);
    }

    @Override
    Map<Object, Object> everything() {
      Map<Object, Object> all = new LinkedHashMap<>();
      map.forEach((key, item) -> all.put(key, entry(item)));
      return all;
    }
  }
}
