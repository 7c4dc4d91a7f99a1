package dev.keygate.store;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;

/**
 * The store on a SQL database. Reads run side by side, each in a transaction that sees one moment;
 * writes of this process wait for each other here, and those of other processes in the database.
 */
public final class SqlStore implements Store {
  /** Write transactions after which the change feed is cut to length. */
  private static final int TRIM_EVERY = 1000;

  private final Dialect dialect;
  private final HikariDataSource readers;
  private final HikariDataSource writers;
  private final Jdbi reading;
  private final Jdbi writing;
  private final ReentrantLock writeTurn = new ReentrantLock();
  private int writesUntilTrim; // under writeTurn
  private volatile boolean closed;

  private SqlStore(Dialect dialect, HikariDataSource readers, HikariDataSource writers) {
    this.dialect = dialect;
    this.readers = readers;
    this.writers = writers;
    this.reading = jdbi(readers);
    this.writing = jdbi(writers);
  }

  /**
   * Connects, and brings the schema to this version's state.
   *
   * @throws StoreException when the database cannot be reached, or was written by a newer version
   */
  public static SqlStore open(StoreSettings settings) {
    try {
      return switch (settings) {
        case StoreSettings.Sqlite(var file) -> {
          HikariDataSource writer = migrated(Dialect.SQLITE, DataSources.sqliteWriter(file));
          yield new SqlStore(Dialect.SQLITE, DataSources.sqliteReaders(file), writer);
        }
        case StoreSettings.Postgresql postgresql -> {
          HikariDataSource pool =
              migrated(Dialect.POSTGRESQL, DataSources.postgresql(postgresql.url()));
          yield new SqlStore(Dialect.POSTGRESQL, pool, pool);
        }
      };
    } catch (StoreException e) {
      throw new StoreException("cannot open %s: %s".formatted(settings, e.getMessage()), e);
    } catch (PoolInitializationException | FlywayException e) {
      StoreException explained = Failures.explain(e);
      throw new StoreException(
          "cannot open %s: %s".formatted(settings, explained.getMessage()), explained.getCause());
    }
  }

  @Override
  public <T> T read(Work<T> work) {
    return run(() ->
        reading.inTransaction(handle -> {
          if (!dialect.beginRead().isEmpty()) {
            handle.execute(dialect.beginRead());
          }
          return work.with(new SqlTables(handle, dialect));
        }));
  }

  @Override
  public <T> T write(Work<T> work) {
    if (writeTurn.isHeldByCurrentThread()) {
      throw new IllegalStateException("a write inside a write: it would wait for itself");
    }
    writeTurn.lock();
    try {
      return run(() ->
          writing.inTransaction(handle -> {
            if (!dialect.beginWrite().isEmpty()) {
              handle.execute(dialect.beginWrite());
            }
            T result = work.with(new SqlTables(handle, dialect));
            trimSometimes(new SqlChanges(handle));
            return result;
          }));
    } finally {
      writeTurn.unlock();
    }
  }

  /** Whether the database answers; costs one round trip and waits 2 seconds at most. */
  public boolean answers() {
    if (closed) {
      return false;
    }
    try (Connection connection = readers.getConnection()) {
      return connection.isValid(2);
    } catch (SQLException e) {
      return false;
    }
  }

  /** Waits for a write that runs, and takes no other. */
  @Override
  public void close() {
    writeTurn.lock();
    try {
      closed = true;
      readers.close();
      writers.close();
    } finally {
      writeTurn.unlock();
    }
  }

  private void trimSometimes(SqlChanges changes) {
    if (--writesUntilTrim < 0) {
      writesUntilTrim = TRIM_EVERY;
      changes.trim();
    }
  }

  /** The database's own failures get one type; what the work throws passes as it is. */
  private <T> T run(Supplier<T> work) {
    if (closed) {
      throw new StoreException("the store is closed: Keygate is stopping");
    }
    try {
      return work.get();
    } catch (JdbiException e) {
      throw Failures.explain(e);
    }
  }

  private static HikariDataSource migrated(Dialect dialect, HikariDataSource database) {
    try {
      Migrations.run(dialect, database);
      return database;
    } catch (StoreException | FlywayException e) {
      database.close();
      throw e;
    }
  }

  /** Jdbi without its templates and named parameters: their parsers are slow to start. */
  private static Jdbi jdbi(DataSource database) {
    Jdbi jdbi = Jdbi.create(database);
    jdbi.getConfig(SqlStatements.class)
        .setTemplateEngine(TemplateEngine.NOP)
        .setSqlParser(new PositionalSqlParser());
    return jdbi;
  }
}
