package dev.keygate.key;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds elements by a name that each of them has. There may be a million: a table with open
 * addressing takes 8 to 16 bytes for each and no object, and finding is one read beside the element
 * itself. Any thread finds, without locks; changes must come one at a time. What is in the index
 * throughout is found throughout: elements are never moved within a table.
 *
 * @param <N> the name, by whose {@code hashCode} an element is found
 */
abstract class KeyIndex<N, E> {
  private static final int LEAST = 16;

  /** Where an element was taken out: whoever looks for one behind it must go on. */
  private static final Object GONE = new Object();

  private volatile AtomicReferenceArray<@Nullable Object> table = new AtomicReferenceArray<>(LEAST);
  private int size;

  /** Slots that are not empty, for there is an element or was one. */
  private int used;

  abstract N nameOf(E element);

  abstract boolean hasName(E element, N name);

  /** The element of this name. */
  final @Nullable E find(N name) {
    AtomicReferenceArray<@Nullable Object> slots = table;
    for (int slot = firstSlot(slots, name); ; slot = after(slot, slots)) {
      Object found = slots.get(slot); // once: the next look may find another's element here
      if (found == null) {
        return null;
      }
      if (isNamed(found, name)) {
        return element(found);
      }
    }
  }

  /** Adds the element, or puts it in the place of the one with its name, which is returned. */
  final @Nullable E put(E element) {
    AtomicReferenceArray<@Nullable Object> slots = table;
    N name = nameOf(element);
    int slot = slotOf(slots, name);
    Object before = slots.get(slot);
    if (before != null) {
      slots.set(slot, element);
      return element(before);
    }
    if (2 * (used + 1) > slots.length()) {
      slots = withRoom();
      slot = slotOf(slots, name);
    }
    slots.set(slot, element);
    table = slots;
    size++;
    used++;
    return null;
  }

  /** Takes the element of this name out, and returns it. */
  final @Nullable E remove(N name) {
    int slot = slotOf(table, name);
    Object before = table.get(slot);
    if (before == null) {
      return null;
    }
    table.set(slot, GONE);
    size--;
    return element(before);
  }

  final int size() {
    return size;
  }

  final void forEach(Consumer<E> action) {
    forEach(table, action);
  }

  private void forEach(AtomicReferenceArray<@Nullable Object> slots, Consumer<E> action) {
    for (int slot = 0; slot < slots.length(); slot++) {
      Object found = slots.get(slot);
      if (found != null && found != GONE) {
        action.accept(element(found));
      }
    }
  }

  /** For who changes the table: where the element of this name is or, without one, could be. */
  private int slotOf(AtomicReferenceArray<@Nullable Object> slots, N name) {
    int slot = firstSlot(slots, name);
    for (Object found = slots.get(slot);
        found != null && !isNamed(found, name);
        found = slots.get(slot)) {
      slot = after(slot, slots);
    }
    return slot;
  }

  private static int firstSlot(AtomicReferenceArray<?> slots, Object name) {
    int spread = name.hashCode() * 0x9E3779B9; // whatever the hash, neighbours do not cluster
    return (spread ^ (spread >>> 16)) & (slots.length() - 1);
  }

  private static int after(int slot, AtomicReferenceArray<?> slots) {
    return (slot + 1) & (slots.length() - 1);
  }

  private boolean isNamed(Object found, N name) {
    return found != GONE && hasName(element(found), name);
  }

  /** A table of all elements and no others, at most a quarter full. */
  private AtomicReferenceArray<@Nullable Object> withRoom() {
    int length = Math.max(LEAST, Integer.highestOneBit(Math.max(1, 4 * size - 1)) * 2);
    AtomicReferenceArray<@Nullable Object> roomy = new AtomicReferenceArray<>(length);
    forEach(table, element -> roomy.set(slotOf(roomy, nameOf(element)), element));
    used = size;
    return roomy;
  }

  @SuppressWarnings("unchecked") // what is in a slot is GONE or was put there
  private E element(Object found) {
    return (E) found;
  }
}
