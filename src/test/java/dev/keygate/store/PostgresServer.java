package dev.keygate.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL, started once for the tests of a JVM, which stops it when it ends. */
public final class PostgresServer {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static @Nullable EmbeddedPostgres server;

  private PostgresServer() {}

  /** URL of a new, empty database. */
  public static String emptyDatabase() throws IOException, SQLException {
    String name = "test_" + DATABASES.incrementAndGet();
    try (Connection connection = running().getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
    }
    return url(name);
  }

  /** The database of a URL that this class made, around the store. */
  static DataSource database(String url) throws IOException {
    return running().getDatabase("postgres", url.substring(url.lastIndexOf('/') + 1));
  }

  static String url(String database) throws IOException {
    return "postgresql://postgres:planted-password@127.0.0.1:%d/%s"
        .formatted(running().getPort(), database);
  }

  private static synchronized EmbeddedPostgres running() throws IOException {
    EmbeddedPostgres running = server;
    if (running == null) {
      running = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
      server = running;
    }
    return running;
  }
}
