package dev.keygate.store;

class PostgresqlUsageTest extends UsageContract {
  @Override
  StoreSettings emptyDatabase() throws Exception {
    return new StoreSettings.Postgresql(PostgresServer.emptyDatabase());
  }
}
