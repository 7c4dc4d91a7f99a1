package dev.keygate.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a database's schema to the newest version. */
final class Migrations {
  private static final String ROOT = "classpath:dev/keygate/store/";

  /** Version of the newest migration; one that is already there needs no Flyway, which is slow. */
  private static final String NEWEST = "2";

  private static final String HISTORY =
      "select version from flyway_schema_history where success order by installed_rank desc";

  private Migrations() {}

  static void run(Dialect dialect, DataSource database) {
    if (isNewest(database)) {
      return;
    }
    try {
      Flyway.configure()
          .dataSource(database)
          .locations(ROOT + "common", ROOT + dialect.folder())
          .placeholders(dialect.placeholders())
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new StoreException(
          "the database's schema cannot be brought up to date: " + e.getMessage(), e);
    }
  }

  private static boolean isNewest(DataSource database) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet versions = statement.executeQuery(HISTORY)) {
      return versions.next() && NEWEST.equals(versions.getString(1));
    } catch (SQLException e) {
      return false; // no history yet
    }
  }
}
