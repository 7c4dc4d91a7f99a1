package dev.keygate.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** Connection pools with the settings that each database needs. */
final class DataSources {
  private static final int READERS = 4;
  private static final int POSTGRESQL_CONNECTIONS = 8;

  private DataSources() {}

  /** The one connection that writes; its transactions take SQLite's write lock at once. */
  static HikariDataSource sqliteWriter(Path file) {
    SQLiteConfig config = sqliteConfig();
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    return pool("sqlite-writer", sqlite(file, config), 1);
  }

  static HikariDataSource sqliteReaders(Path file) {
    return pool("sqlite-readers", sqlite(file, sqliteConfig()), READERS);
  }

  static HikariDataSource postgresql(PostgresUrl url) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url.jdbc());
    if (!url.user().isEmpty()) {
      source.setUser(url.user());
      source.setPassword(url.password());
    }
    source.setConnectTimeout(5);
    source.setSocketTimeout(30);
    source.setApplicationName("keygate");
    return pool("postgresql", source, POSTGRESQL_CONNECTIONS);
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
    config.setBusyTimeout(5_000);
    return config;
  }

  private static HikariDataSource pool(String name, DataSource source, int size) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setDataSource(source);
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(5_000);
    config.setInitializationFailTimeout(5_000);
    return new HikariDataSource(config);
  }
}
