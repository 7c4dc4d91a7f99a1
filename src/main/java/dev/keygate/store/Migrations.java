package dev.keygate.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings a database's schema to the newest version. */
final class Migrations {
  private static final String ROOT = "classpath:dev/keygate/store/migration/";

  /** Version of the newest migration; one that is already there needs no Flyway, which is slow. */
  private static final int NEWEST = 11;

  private static final String HISTORY =
      "select version from flyway_schema_history where success order by installed_rank desc";

  private Migrations() {}

  /**
   * Migrates unless there is nothing to do.
   *
   * @throws StoreException if a newer Keygate made the schema
   */
  static void run(Dialect dialect, DataSource database) {
    int version = version(database);
    if (version > NEWEST) {
      throw new StoreException(
          "its schema has version %d and this Keygate knows %d: start the newer Keygate that made it, or restore a backup from before"
              .formatted(version, NEWEST));
    }
    if (version < NEWEST) {
      flyway(dialect, database).migrate();
    }
  }

  static Flyway flyway(Dialect dialect, DataSource database) {
    return Flyway.configure()
        .dataSource(database)
        .locations(ROOT + "common", ROOT + dialect.folder())
        .placeholders(dialect.placeholders())
        .load();
  }

  /** The schema's version, 0 for an empty database. */
  static int version(DataSource database) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet versions = statement.executeQuery(HISTORY)) {
      return versions.next() ? versions.getInt(1) : 0;
    } catch (SQLException e) {
      return 0; // no history yet; anything else stops Flyway too, which says so
    }
  }
}
