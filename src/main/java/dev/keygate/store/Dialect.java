package dev.keygate.store;

import java.util.Map;

/** What SQLite and PostgreSQL say differently. */
enum Dialect {
  // SQLite's connections are set up to begin as they must (see DataSources).
  SQLITE(
      "text",
      "blob",
      "integer primary key autoincrement",
      "cast(unixepoch('subsec') * 1000 as integer)",
      "",
      "",
      "sqlite"),
  POSTGRESQL(
      "text collate \"C\"", // the server's own order would mix up identifiers
      "bytea",
      "bigint generated always as identity primary key",
      "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)",
      "set transaction isolation level repeatable read, read only",
      // One writer at a time on all nodes: sequence numbers then become visible in their order.
      "select pg_advisory_xact_lock(7307199252530722675)",
      "postgresql");

  private final String text;
  private final String binary;
  private final String serial;
  private final String now;
  private final String beginRead;
  private final String beginWrite;
  private final String folder;

  Dialect(
      String text,
      String binary,
      String serial,
      String now,
      String beginRead,
      String beginWrite,
      String folder) {
    this.text = text;
    this.binary = binary;
    this.serial = serial;
    this.now = now;
    this.beginRead = beginRead;
    this.beginWrite = beginWrite;
    this.folder = folder;
  }

  /** Words for the migrations' {@code ${…}}. */
  Map<String, String> placeholders() {
    return Map.of("text", text, "binary", binary, "serial", serial);
  }

  /** The database's clock, in milliseconds since 1970. */
  String now() {
    return now;
  }

  /** First statement of a read: from there on it sees one moment. Empty for none. */
  String beginRead() {
    return beginRead;
  }

  /** First statement of a write: waits until no other transaction writes. Empty for none. */
  String beginWrite() {
    return beginWrite;
  }

  /** Folder of the migrations that only this database has. */
  String folder() {
    return folder;
  }
}
