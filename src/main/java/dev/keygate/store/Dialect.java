package dev.keygate.store;

import java.util.Map;

/** What SQLite and PostgreSQL say differently. */
enum Dialect {
  SQLITE("blob", "integer primary key autoincrement", "", "sqlite"),
  POSTGRESQL(
      "bytea",
      "bigint generated always as identity primary key",
      // One writer at a time on all nodes: sequence numbers then become visible in their order.
      "select pg_advisory_xact_lock(7307199252530722675)",
      "postgresql");

  private final String binary;
  private final String serial;
  private final String writeLock;
  private final String folder;

  Dialect(String binary, String serial, String writeLock, String folder) {
    this.binary = binary;
    this.serial = serial;
    this.writeLock = writeLock;
    this.folder = folder;
  }

  /** Words for the migrations' {@code ${…}}. */
  Map<String, String> placeholders() {
    return Map.of("binary", binary, "serial", serial);
  }

  /** First statement of a write transaction; empty where beginning it already takes the lock. */
  String writeLock() {
    return writeLock;
  }

  /** Folder of the migrations that only this database has. */
  String folder() {
    return folder;
  }
}
