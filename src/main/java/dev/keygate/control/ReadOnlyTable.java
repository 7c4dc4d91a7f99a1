package dev.keygate.control;

import dev.keygate.store.Table;
import java.util.Optional;
import java.util.function.Consumer;

/** Rows of something that grows by itself, as lists read them: a page at a time. */
abstract class ReadOnlyTable<R> implements Table<R> {

  @Override
  public Optional<R> find(String id) {
    throw refused();
  }

  @Override
  public void insert(R row) {
    throw refused();
  }

  @Override
  public boolean update(R row) {
    throw refused();
  }

  @Override
  public boolean delete(String id) {
    throw refused();
  }

  @Override
  public void forEach(Consumer<R> consumer) {
    throw refused();
  }

  @Override
  public long count() {
    throw refused();
  }

  static IllegalStateException refused() {
    return new IllegalStateException("the contract has no such operation");
  }
}
