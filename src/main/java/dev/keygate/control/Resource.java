package dev.keygate.control;

import dev.keygate.store.Store;
import dev.keygate.store.Table;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * One kind of object behind the control API. Every method runs inside one store transaction (list
 * and get inside one read), on a virtual thread.
 *
 * @param <R> its rows
 */
interface Resource<R> {
  /** Path, and name in the contract. */
  String collection();

  /** What an error message calls one. */
  String noun();

  /** Name of the array in a list's answer. */
  default String listName() {
    return collection();
  }

  Table<R> table(Store.Tables tables);

  String id(R row);

  /** The object as it is shown; holds no secret. */
  ObjectNode show(R row, Call call, Store.Tables tables);

  /** Makes a row from the call's body, and the answer, which alone may hold a token. */
  Created<R> create(Call call, Store.Tables tables);

  /** The row with the fields of the call's body changed. */
  R update(R row, Call call, Store.Tables tables);

  /** Refuses when the row must stay. */
  default void checkDelete(R row, Call call, Store.Tables tables) {}

  /**
   * A row that was inserted.
   *
   * @param token shown once, in the answer to the call that made it
   */
  record Created<R>(R row, Optional<String> token) {}
}
