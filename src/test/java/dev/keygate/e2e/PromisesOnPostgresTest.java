package dev.keygate.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.keygate.server.Setting;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The promises on a real PostgreSQL. */
class PromisesOnPostgresTest extends Promises {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static final Pattern BINARY = Pattern.compile("\\\\x((?:[0-9a-f]{2})+)");
  private static EmbeddedPostgres postgres;
  private String database = "";

  @BeforeAll
  static void startPostgres() throws IOException {
    postgres = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stopPostgres() throws IOException {
    postgres.close();
  }

  @Override
  Map<Setting, String> database() {
    database = "keygate_" + DATABASES.incrementAndGet();
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + database);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return Map.of(
        Setting.DATABASE_URL,
        "postgresql://postgres:postgres@127.0.0.1:" + postgres.getPort() + "/" + database);
  }

  @Override
  String databaseContents(Path dataDir) {
    StringBuilder contents = new StringBuilder();
    try (Connection connection = postgres.getDatabase("postgres", database).getConnection();
        Statement statement = connection.createStatement()) {
      for (String table : tables(statement)) {
        try (ResultSet rows = statement.executeQuery("select t::text from " + table + " t")) {
          while (rows.next()) {
            contents.append(rows.getString(1)).append('\n').append(decoded(rows.getString(1)));
          }
        }
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return contents.toString();
  }

  /** What the binary columns of a row, which print as hexadecimal, hold. */
  private static String decoded(String row) {
    return BINARY
        .matcher(row)
        .results()
        .map(match -> new String(HexFormat.of().parseHex(match.group(1)), ISO_8859_1))
        .collect(Collectors.joining("\n"));
  }

  private static List<String> tables(Statement statement) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery(
            "select format('%I.%I', schemaname, tablename) from pg_tables"
                + " where schemaname not in ('pg_catalog', 'information_schema')")) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return tables;
  }
}
