package dev.keygate.policy.expression;

import dev.cel.common.exceptions.CelAttributeNotFoundException;
import dev.cel.common.exceptions.CelIndexOutOfBoundsException;
import dev.cel.runtime.CelFunctionBinding;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keygate's own {@code [ ]} and {@code in}, in place of the standard ones: the same, except that
 * absent headers, query parameters and cookies read as empty instead of failing.
 */
final class Lookups {
  private Lookups() {}

  static Iterable<CelFunctionBinding> index() {
    return CelFunctionBinding.fromOverloads(
        "_[_]",
        CelFunctionBinding.from("index_list", List.class, Long.class, Lookups::atIndex),
        CelFunctionBinding.from("index_map", Map.class, Object.class, Lookups::atKey));
  }

  static Iterable<CelFunctionBinding> in() {
    return CelFunctionBinding.fromOverloads(
        "@in",
        CelFunctionBinding.from("in_list", Object.class, List.class, Lookups::isInList),
        CelFunctionBinding.from(
            "in_map", Object.class, Map.class, (key, map) -> map.containsKey(key)));
  }

  static CelAttributeNotFoundException noSuchKey() {
    return CelAttributeNotFoundException.of("no such key");
  }

  private static Object atIndex(List<?> list, long index) {
    if (index >= 0 && list instanceof TextList texts) {
      return texts.at(index);
    }
    if (index < 0 || index >= list.size()) {
      throw new CelIndexOutOfBoundsException(index);
    }
    return list.get((int) index);
  }

  private static Object atKey(Map<?, ?> map, Object key) {
    Object value = map.get(key);
    if (value == null && key instanceof Number number) {
      value = numericKey(map, number);
    }
    if (value == null) {
      throw noSuchKey();
    }
    return value;
  }

  private static @Nullable Object numericKey(Map<?, ?> map, Number key) {
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (isEqual(entry.getKey(), key)) {
        return entry.getValue();
      }
    }
    return null;
  }

  private static boolean isInList(Object item, List<?> list) {
    for (Object candidate : list) {
      if (isEqual(candidate, item)) {
        return true;
      }
    }
    return false;
  }

  /** CEL's equality: numbers by value, whatever their type. */
  private static boolean isEqual(Object left, Object right) {
    if (left instanceof Number one
        && right instanceof Number other
        && one.getClass() != other.getClass()) {
      return Double.compare(one.doubleValue(), other.doubleValue()) == 0;
    }
    return left.equals(right);
  }
}
