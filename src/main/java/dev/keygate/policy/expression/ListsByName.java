package dev.keygate.policy.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Query parameters or cookies by name; an absent one reads as an empty list. */
@SuppressWarnings("Immutable") // a view of one request, read by its own event loop only
final class ListsByName extends LazyMap {
  private final Map<String, List<Object>> lists = new LinkedHashMap<>();
  private final Object absent;

  /**
   * @param absent what an item of an absent name reads as
   */
  ListsByName(Object absent) {
    this.absent = absent;
  }

  void add(String name, Object item) {
    lists.computeIfAbsent(name, added -> new ArrayList<>()).add(item);
  }

  @Override
  Object lookUp(Object key) {
    List<Object> items = key instanceof String name ? lists.get(name) : null;
    return TextList.of(items == null ? List.of() : items, absent);
  }

  @Override
  boolean has(Object key) {
    return key instanceof String name && lists.containsKey(name);
  }

  @Override
  Map<Object, Object> everything() {
    Map<Object, Object> all = new LinkedHashMap<>();
    lists.forEach((name, items) -> all.put(name, TextList.of(items, absent)));
    return all;
  }
}
