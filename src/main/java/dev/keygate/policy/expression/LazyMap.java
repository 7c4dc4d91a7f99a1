package dev.keygate.policy.expression;

import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelValue;
import dev.cel.common.values.SelectableValue;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A map whose entries are looked up only when an expression asks for them. The evaluator walks
 * through every plain map that it meets, to see whether its values need conversion; it leaves a
 * {@link CelValue} alone.
 */
abstract class LazyMap extends CelValue implements Map<Object, Object>, SelectableValue<Object> {

  /** The value, or what stands for an absent one; null when absence is an error. */
  abstract @Nullable Object lookUp(Object key);

  abstract boolean has(Object key);

  /** All entries, in order. Called only by expressions that go through the map. */
  abstract Map<Object, Object> everything();

  /** A view of a map that this package's own values already fill. */
  @SuppressWarnings("Immutable") // a view of one request, read by its own event loop only
  static LazyMap of(Map<String, Object> map) {
    return new LazyMap() {
      @Override
      @Nullable Object lookUp(Object key) {
        return map.get(key);
      }

      @Override
      boolean has(Object key) {
        return map.containsKey(key);
      }

      @Override
      Map<Object, Object> everything() {
        return new LinkedHashMap<>(map);
      }
    };
  }

  @Override
  public final @Nullable Object get(Object key) {
    return lookUp(key);
  }

  @Override
  public final boolean containsKey(Object key) {
    return has(key);
  }

  @Override
  public final Object select(Object key) {
    Object value = lookUp(key);
    if (value == null) {
      throw Lookups.noSuchKey();
    }
    return value;
  }

  @Override
  public final Optional<?> find(Object key) {
    return has(key) ? Optional.ofNullable(lookUp(key)) : Optional.empty();
  }

  @Override
  public final int size() {
    return everything().size();
  }

  @Override
  public final boolean isEmpty() {
    return everything().isEmpty();
  }

  @Override
  public final boolean containsValue(Object value) {
    return everything().containsValue(value);
  }

  @Override
  public final Set<Object> keySet() {
    return everything().keySet();
  }

  @Override
  public final Collection<Object> values() {
    return everything().values();
  }

  @Override
  public final Set<Map.Entry<Object, Object>> entrySet() {
    return everything().entrySet();
  }

  @Override
  public final Object value() {
    return this;
  }

  @Override
  public final boolean isZeroValue() {
    return isEmpty();
  }

  @Override
  public final CelType celType() {
    return MapType.create(SimpleType.DYN, SimpleType.DYN);
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof Map<?, ?> map && everything().equals(map);
  }

  @Override
  public final int hashCode() {
    return everything().hashCode();
  }

  /** Says nothing of what is in it: headers hold credentials. */
  @Override
  public final String toString() {
    return getClass().getSimpleName();
  }

  @Override
  public final @Nullable Object put(Object key, Object value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final @Nullable Object remove(Object key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final void putAll(Map<?, ?> entries) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final void clear() {
    throw new UnsupportedOperationException();
  }
}
