package dev.keygate.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class PostgresqlStoreTest extends StoreContract {
  private String url = "";

  @Override
  StoreSettings emptyDatabase() throws IOException, SQLException {
    url = PostgresServer.emptyDatabase();
    return new StoreSettings.Postgresql(url);
  }

  @Override
  DataSource database() throws IOException {
    return PostgresServer.database(url);
  }

  @Override
  Dialect dialect() {
    return Dialect.POSTGRESQL;
  }

  @Test
  void aCommitIsDurableEvenWhereTheServerSaysOtherwise() throws Exception {
    String name = url.substring(url.lastIndexOf('/') + 1);
    execute("alter database " + name + " set synchronous_commit = off");
    try (HikariDataSource pool = DataSources.postgresql(PostgresUrl.parse(url));
        Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet setting = statement.executeQuery("show synchronous_commit")) {
      assertThat(setting.next()).isTrue();
      assertThat(setting.getString(1)).isEqualTo("on");
    }
  }

  @Test
  void auditEventsCannotBeTruncated() {
    assertThatThrownBy(() -> execute("truncate audit_events")).hasMessageContaining("audit events");
  }

  @Test
  void textThatPostgresqlCannotHoldIsAStoreException() {
    assertThatThrownBy(() -> write(tables -> tables.endpoints().delete("ep_\0")))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void aDatabaseThatDoesNotExistIsNamedAsTheReason() throws IOException {
    StoreSettings absent = new StoreSettings.Postgresql(PostgresServer.url("absent"));
    assertThatThrownBy(() -> SqlStore.open(absent))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("create it first")
        .satisfies(failure -> assertShows(failure).doesNotContain("planted-password"));
  }

  @Test
  void aServerThatCannotBeReachedIsNamedWithoutThePassword() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    StoreSettings nowhere =
        new StoreSettings.Postgresql("postgresql://u:planted-password@127.0.0.1:" + port + "/d");
    assertThatThrownBy(() -> SqlStore.open(nowhere))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("postgresql://127.0.0.1:" + port + "/d")
        .hasMessageContaining("PostgreSQL cannot be reached")
        .satisfies(failure -> assertShows(failure).doesNotContain("planted-password"));
  }
}
