package dev.keygate.policy.expression;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * The values of a header, query parameter or cookie. Asking beyond the end gives what an absent
 * value reads as, so that a comparison with a missing header is false or true but not an error
 * (SPEC.md section 10).
 */
final class TextList extends AbstractList<Object> implements RandomAccess {
  static final TextList EMPTY = new TextList(List.of(), "");

  private final List<?> values;
  private final Object absent;

  private TextList(List<?> values, Object absent) {
    this.values = values;
    this.absent = absent;
  }

  static TextList of(List<String> values) {
    return values.isEmpty() ? EMPTY : new TextList(values, "");
  }

  /** Items that are not texts; {@code absent} is what one beyond the end reads as. */
  static TextList of(List<?> values, Object absent) {
    return new TextList(values, absent);
  }

  /** The value at a place, or what an absent value reads as. */
  Object at(long index) {
    return index < values.size() ? values.get((int) index) : absent;
  }

  @Override
  public Object get(int index) {
    return values.get(index);
  }

  @Override
  public int size() {
    return values.size();
  }
}
