package dev.keygate.control;

import dev.keygate.store.PostgresServer;
import dev.keygate.store.StoreSettings;
import java.io.IOException;
import java.sql.SQLException;

class PostgresqlTokenTest extends TokenContract {
  @Override
  StoreSettings emptyDatabase() throws IOException, SQLException {
    return new StoreSettings.Postgresql(PostgresServer.emptyDatabase());
  }
}
