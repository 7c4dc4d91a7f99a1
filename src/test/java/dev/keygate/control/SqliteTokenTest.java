package dev.keygate.control;

import dev.keygate.store.StoreSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteTokenTest extends TokenContract {
  @TempDir private static Path directory;

  @Override
  StoreSettings emptyDatabase() {
    return new StoreSettings.Sqlite(directory.resolve("keygate.db"));
  }
}
