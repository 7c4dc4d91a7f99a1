package dev.keygate.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

class SqliteStoreTest extends StoreContract {
  @TempDir private Path directory;

  @Override
  StoreSettings emptyDatabase() {
    return new StoreSettings.Sqlite(directory.resolve("keygate.db"));
  }

  @Override
  DataSource database() {
    SQLiteDataSource database = new SQLiteDataSource();
    database.setUrl("jdbc:sqlite:" + directory.resolve("keygate.db"));
    return database;
  }

  @Override
  Dialect dialect() {
    return Dialect.SQLITE;
  }

  @Test
  void aCommitIsOnTheDiskAndForeignKeysHold() throws SQLException {
    Path file = directory.resolve("another.db");
    try (HikariDataSource writer = DataSources.sqliteWriter(file);
        Connection connection = writer.getConnection()) {
      assertThat(pragma(connection, "synchronous")).isEqualTo("2"); // FULL
      assertThat(pragma(connection, "journal_mode")).isEqualTo("wal");
      assertThat(pragma(connection, "foreign_keys")).isEqualTo("1");
    }
  }

  private static String pragma(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet value = statement.executeQuery("pragma " + name)) {
      return value.getString(1);
    }
  }

  @Test
  void theWriteAheadLogStaysShort() throws IOException {
    for (int i = 0; i < 40; i++) {
      RequestBatchRow batch =
          new RequestBatchRow(
              "rb_" + i, "req_1", "req_2", Instant.EPOCH, Instant.EPOCH, 2, new byte[100_000]);
      store.write(tables -> {
        tables.requests().insert(batch);
        return 1;
      });
    }
    assertThat(Files.size(directory.resolve("keygate.db"))).isGreaterThan(2_000_000);
    assertThat(Files.size(directory.resolve("keygate.db-wal"))).isLessThan(2_000_000);
  }

  @Test
  void theFilesAreForTheirOwnerAlone() throws IOException {
    try (var files = Files.list(directory)) {
      assertThat(files)
          .isNotEmpty()
          .allSatisfy(file ->
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .isEqualTo("rw-------"));
    }
  }

  @Test
  void aFileThatIsNoDatabaseIsRefusedAndLeftAsItIs() throws IOException {
    Path file = directory.resolve("other");
    Files.writeString(file, "not a database, but long enough to be looked at".repeat(100));
    assertThatThrownBy(() -> SqlStore.open(new StoreSettings.Sqlite(file)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("restore it from a backup");
    assertThat(file).content().startsWith("not a database");
  }

  @Test
  void aDirectoryThatIsNotThereIsNamedAsTheReason() {
    Path file = directory.resolve("absent").resolve("keygate.db");
    assertThatThrownBy(() -> SqlStore.open(new StoreSettings.Sqlite(file)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("its directory must exist");
  }
}
