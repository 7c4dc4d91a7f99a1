package dev.keygate.control;

import java.util.Map;
import java.util.Set;

/**
 * One operation of the contract.
 *
 * @param id for example {@code endpoints.create}
 * @param collection the path's first segment
 * @param isOnItem whether the path has an identifier after that
 * @param action what follows the identifier, or empty
 * @param query names of the query parameters it takes
 * @param hasBody whether it takes a JSON object
 * @param body fields of that object
 * @param required those that must be there
 */
record Operation(
    String id,
    String method,
    String collection,
    boolean isOnItem,
    String action,
    Role role,
    Set<String> query,
    boolean hasBody,
    Map<String, Field> body,
    Set<String> required) {

  /** Whether its path is this one. */
  boolean isAt(String collection, boolean onItem, String action) {
    return this.collection.equals(collection)
        && this.isOnItem == onItem
        && this.action.equals(action);
  }
}
