package dev.keygate.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteUsageTest extends UsageContract {
  @TempDir private Path directory;

  @Override
  StoreSettings emptyDatabase() {
    return new StoreSettings.Sqlite(directory.resolve("keygate.db"));
  }
}
