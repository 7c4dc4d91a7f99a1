package dev.keygate.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** Connection pools with the settings that each database needs. */
final class DataSources {
  private static final int READERS = 4;

  /**
   * Pages of 4 KiB in the write-ahead log after which a commit takes them to the database. SQLite's
   * 1,000 are some 10 ms of work in one commit, for which an event loop on the same core waits.
   */
  private static final int CHECKPOINT_PAGES = 256;

  private static final int POSTGRESQL_CONNECTIONS = 8;
  private static final int TIMEOUT_MILLIS = 5_000;

  /**
   * A commit is durable when it returns even if the server's default is otherwise, and a node that
   * stops in the middle of a transaction does not hold the others up for long.
   */
  private static final String POSTGRESQL_SESSION =
      "select set_config('synchronous_commit', 'on', false)"
          + " where current_setting('synchronous_commit') = 'off';"
          + " set lock_timeout = '10s'; set idle_in_transaction_session_timeout = '30s'";

  private DataSources() {}

  /** The one connection that writes; its transactions take SQLite's write lock at once. */
  static HikariDataSource sqliteWriter(Path file) {
    createForOwnerOnly(file);
    SQLiteConfig config = sqliteConfig();
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    HikariConfig pool = pool("sqlite-writer", sqlite(file, config));
    pool.setMaximumPoolSize(1);
    pool.setMaxLifetime(0);
    pool.setConnectionInitSql("pragma wal_autocheckpoint = " + CHECKPOINT_PAGES);
    return new HikariDataSource(pool);
  }

  /** Made as they are needed; they refuse to write. */
  static HikariDataSource sqliteReaders(Path file) {
    HikariConfig pool = pool("sqlite-readers", sqlite(file, sqliteConfig()));
    pool.setMaximumPoolSize(READERS);
    pool.setMinimumIdle(0);
    pool.setInitializationFailTimeout(-1);
    pool.setConnectionInitSql("pragma query_only = 1");
    return new HikariDataSource(pool);
  }

  static HikariDataSource postgresql(PostgresUrl url) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url.jdbc());
    if (!url.user().isEmpty()) {
      source.setUser(url.user());
    }
    if (!url.password().isEmpty()) {
      source.setPassword(url.password());
    }
    HikariConfig pool = pool("postgresql", source);
    pool.setMaximumPoolSize(POSTGRESQL_CONNECTIONS);
    pool.setMinimumIdle(1);
    pool.setConnectionInitSql(POSTGRESQL_SESSION);
    return new HikariDataSource(pool);
  }

  private static SQLiteDataSource sqlite(Path file, SQLiteConfig config) {
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  /** Write-ahead log, and every commit on the disk before it is answered. */
  private static SQLiteConfig sqliteConfig() {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    config.setBusyTimeout(TIMEOUT_MILLIS);
    return config;
  }

  /** SQLite would make the file readable by all; its log files take the mode over. */
  private static void createForOwnerOnly(Path file) {
    try {
      if (Files.getFileStore(file.toAbsolutePath().resolveSibling(""))
          .supportsFileAttributeView("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
    } catch (FileAlreadyExistsException e) {
      return; // its owner decides
    } catch (IOException e) {
      throw new StoreException(
          "the file cannot be made: its directory must exist and belong to the user that runs Keygate",
          e);
    }
  }

  private static HikariConfig pool(String name, DataSource source) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setDataSource(source);
    config.setConnectionTimeout(TIMEOUT_MILLIS);
    return config;
  }
}
