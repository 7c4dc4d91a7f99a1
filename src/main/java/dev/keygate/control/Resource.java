package dev.keygate.control;

import dev.keygate.store.Store;
import dev.keygate.store.Table;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * One kind of object behind the control API. Every method that is given tables runs inside one
 * store transaction, on a virtual thread.
 *
 * @param <R> its rows
 */
interface Resource<R> {
  /** Path, and name in the contract. */
  String collection();

  /** What identifiers begin with, before the underscore. */
  String prefix();

  /** What an error message calls one. */
  String noun();

  /** Name of the array in a list's answer. */
  default String listName() {
    return collection();
  }

  Table<R> table(Store.Tables tables);

  String id(R row);

  /** The row's own fields as they are shown: what filters see. Holds no secret. */
  ObjectNode fields(R row);

  /** The whole object as it is shown. Holds no secret. */
  default ObjectNode show(R row, Store.Tables tables) {
    return fields(row);
  }

  /** Makes and stores a row from the call's body. */
  Created<R> create(Change change);

  /** The row with the fields of the call's body changed; not stored yet. */
  R update(R row, Change change);

  /**
   * What the caller should know of a row that was saved: each a sentence, shown in the answer to
   * this call alone.
   */
  default List<String> warnings(R row, Call call) {
    return List.of();
  }

  /** Refuses when the row must stay, and writes down what goes with it. */
  default void beforeDelete(R row, Change change) {}

  /**
   * A row that was inserted.
   *
   * @param token shown once, in the answer to the call that made it
   */
  record Created<R>(R row, Optional<String> token) {}
}
