package dev.keygate.cluster;

import dev.keygate.store.StoreSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteMembershipTest extends MembershipContract {
  @TempDir private Path directory;

  @Override
  StoreSettings emptyDatabase() {
    return new StoreSettings.Sqlite(directory.resolve("keygate.db"));
  }
}
