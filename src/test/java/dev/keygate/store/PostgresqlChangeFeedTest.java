package dev.keygate.store;

class PostgresqlChangeFeedTest extends ChangeFeedContract {
  @Override
  StoreSettings emptyDatabase() throws Exception {
    return new StoreSettings.Postgresql(PostgresServer.emptyDatabase());
  }
}
