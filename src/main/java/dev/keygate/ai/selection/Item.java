package dev.keygate.ai.selection;

import dev.cel.common.exceptions.CelAttributeNotFoundException;
import dev.cel.common.types.CelType;
import dev.cel.common.values.CelValue;
import dev.cel.common.values.NullValue;
import dev.cel.common.values.SelectableValue;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that strategies read field by field: a model, a key, a window of metrics. A field is
 * computed when it is read. Belongs to one evaluation.
 */
@SuppressWarnings("Immutable") // read by the event loop of its request only
public final class Item extends CelValue implements SelectableValue<String> {

  /** Reads the fields of an item. */
  @FunctionalInterface
  public interface Fields {
    /** The field's value, or null when it has none; the type says which fields there are. */
    @Nullable Object read(String name);
  }

  private final CelType type;
  private final Object subject;
  private final Fields fields;

  /**
   * @param subject what the item stands for, for those who get it back from a strategy
   */
  public Item(CelType type, Object subject, Fields fields) {
    this.type = type;
    this.subject = subject;
    this.fields = fields;
  }

  /** What the item stands for. */
  public Object subject() {
    return subject;
  }

  @Override
  public Object select(String name) {
    return find(name).orElseThrow(() -> CelAttributeNotFoundException.of("no such field"));
  }

  @Override
  public Optional<Object> find(String name) {
    Object value = fields.read(name);
    return Optional.of(value == null ? NullValue.NULL_VALUE : value);
  }

  @Override
  public Object value() {
    return this;
  }

  @Override
  public boolean isZeroValue() {
    return false;
  }

  @Override
  public CelType celType() {
    return type;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Item item && subject.equals(item.subject);
  }

  @Override
  public int hashCode() {
    return subject.hashCode();
  }

  /** Says nothing of what is in it. */
  @Override
  public String toString() {
    return type.name();
  }
}
