package dev.keygate.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The store on a SQL database. Reads run side by side; writes of this process wait for each other
 * here, and those of other processes in the database.
 */
public final class SqlStore implements Store {
  private final Dialect dialect;
  private final HikariDataSource readers;
  private final HikariDataSource writers;
  private final Jdbi reading;
  private final Jdbi writing;
  private final ReentrantLock writeTurn = new ReentrantLock();

  private SqlStore(Dialect dialect, HikariDataSource readers, HikariDataSource writers) {
    this.dialect = dialect;
    this.readers = readers;
    this.writers = writers;
    this.reading = Jdbi.create(readers);
    this.writing = Jdbi.create(writers);
  }

  /**
   * Connects, and brings the schema to this version's state.
   *
   * @throws StoreException when the database cannot be reached, or was written by a newer version
   */
  public static SqlStore open(StoreSettings settings) {
    try {
      return switch (settings) {
        case StoreSettings.Sqlite sqlite -> {
          HikariDataSource writer = DataSources.sqliteWriter(sqlite.file());
          Migrations.run(Dialect.SQLITE, writer);
          yield new SqlStore(Dialect.SQLITE, DataSources.sqliteReaders(sqlite.file()), writer);
        }
        case StoreSettings.Postgresql postgresql -> {
          HikariDataSource pool = DataSources.postgresql(postgresql.url());
          Migrations.run(Dialect.POSTGRESQL, pool);
          yield new SqlStore(Dialect.POSTGRESQL, pool, pool);
        }
      };
    } catch (StoreException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new StoreException("cannot open " + settings + ": " + rootMessage(e), e);
    }
  }

  @Override
  public <T> T read(Work<T> work) {
    return run(() -> reading.withHandle(handle -> work.with(new SqlTables(handle))));
  }

  @Override
  public <T> T write(Work<T> work) {
    writeTurn.lock();
    try {
      return run(() -> writing.inTransaction(handle -> work.with(locked(handle))));
    } finally {
      writeTurn.unlock();
    }
  }

  @Override
  public void close() {
    readers.close();
    writers.close();
  }

  private SqlTables locked(Handle handle) {
    if (!dialect.writeLock().isEmpty()) {
      handle.execute(dialect.writeLock());
    }
    return new SqlTables(handle);
  }

  /** The database's own failures get one type; what the work throws passes as it is. */
  private static <T> T run(Supplier<T> work) {
    try {
      return work.get();
    } catch (JdbiException e) {
      throw new StoreException("the database refused: " + rootMessage(e), e);
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  /** Whether the database answers; costs one round trip. */
  public boolean answers() {
    try (Connection connection = readers.getConnection()) {
      return connection.isValid(2);
    } catch (SQLException e) {
      return false;
    }
  }
}
