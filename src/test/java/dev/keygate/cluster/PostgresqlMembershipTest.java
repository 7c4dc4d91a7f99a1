package dev.keygate.cluster;

import dev.keygate.store.PostgresServer;
import dev.keygate.store.StoreSettings;

class PostgresqlMembershipTest extends MembershipContract {
  @Override
  StoreSettings emptyDatabase() throws Exception {
    return new StoreSettings.Postgresql(PostgresServer.emptyDatabase());
  }
}
