package dev.keygate.store;

import java.nio.file.Path;

/** Which database to open. */
public sealed interface StoreSettings {

  /** One file, made when absent; its directory exists. */
  record Sqlite(Path file) implements StoreSettings {}

  /** A PostgreSQL server. */
  final class Postgresql implements StoreSettings {
    private final PostgresUrl url;

    /**
     * The server named by a URL such as {@code postgresql://user:password@host:5432/database}.
     *
     * @throws IllegalArgumentException saying what is wrong, without the password
     */
    public Postgresql(String url) {
      this.url = PostgresUrl.parse(url);
    }

    PostgresUrl url() {
      return url;
    }

    @Override
    public String toString() {
      return "Postgresql[" + url + "]";
    }
  }
}
