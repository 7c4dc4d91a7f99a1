package dev.keygate.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends StoreContract {
  @TempDir private Path directory;

  @Override
  StoreSettings emptyDatabase() {
    return new StoreSettings.Sqlite(directory.resolve("keygate.db"));
  }

  @Override
  Connection driverConnection() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("keygate.db"));
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
