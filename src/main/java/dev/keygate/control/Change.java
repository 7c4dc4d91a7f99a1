package dev.keygate.control;

import dev.keygate.identifier.Identifiers;
import dev.keygate.store.AuditRow;
import dev.keygate.store.Store;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/** A change under way, inside its transaction: every row it touches gets its audit row here. */
record Change(Store.Tables tables, Call call, Identifiers identifiers) {

  /** One instant for everything that the change writes. */
  Instant now() {
    return call.now();
  }

  /** The management key that makes the change. */
  String actor() {
    return call.actor().id();
  }

  ObjectNode body() {
    return call.body();
  }

  <R> void created(Resource<R> resource, R row) {
    audit(resource, resource.id(row), "create", "", shown(resource, row));
  }

  /**
   * Writes down an update.
   *
   * @param before what {@link #shown} gave before it
   */
  <R> void updated(Resource<R> resource, R row, String before) {
    audit(resource, resource.id(row), "update", before, shown(resource, row));
  }

  /**
   * Writes down what was done to an object that is neither making, changing nor deleting it.
   *
   * @param before what {@link #shown} gave before it
   */
  <R> void done(String action, Resource<R> resource, R row, String before) {
    audit(resource, resource.id(row), action, before, shown(resource, row));
  }

  /** Writes down a delete, before it. */
  <R> void deleted(Resource<R> resource, R row) {
    audit(resource, resource.id(row), "delete", shown(resource, row), "");
  }

  /** An object as the audit log keeps it: no secrets, no host in its URIs. */
  <R> String shown(Resource<R> resource, R row) {
    return resource.show(row, tables).toString();
  }

  private void audit(Resource<?> resource, String id, String action, String before, String after) {
    tables
        .audit()
        .append(
            new AuditRow(
                identifiers.next("ae"),
                now(),
                actor(),
                action,
                resource.collection(),
                id,
                before,
                after));
  }
}
