package dev.keygate.control;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the contract says of one body field.
 *
 * @param types JSON types it may have; {@code null} among them when it may be null
 * @param max characters of a text, items of a list; {@link Integer#MAX_VALUE} for no bound
 * @param maxItem characters of a text in a list; {@link Integer#MAX_VALUE} for no bound
 * @param choices the only texts allowed, or empty
 * @param isTime whether a text is an RFC 3339 time
 * @param items fields of an object in a list, empty when the list is of texts
 * @param requiredItems those of {@code items} that must be there
 */
record Field(
    String name,
    Set<String> types,
    int max,
    int maxItem,
    List<String> choices,
    boolean isTime,
    Map<String, Field> items,
    Set<String> requiredItems) {

  boolean takes(String type) {
    return types.contains(type);
  }
}
