package dev.keygate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.identifier.Identifiers;
import dev.keygate.store.SqlStore;
import dev.keygate.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstStartTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-01T12:34:56.789Z"));

  @TempDir Path dir;

  @Test
  void anotherDatabaseLeavesTheOnlyTokenOfTheFirst() throws IOException {
    Path file = dir.resolve("management-key");
    assertThat(prepared("one.db")).hasValueSatisfying(made -> assertThat(made.moved()).isEmpty());
    String first = Files.readString(file);

    FirstStart.Made made = prepared("two.db").orElseThrow();

    Path moved = dir.resolve("management-key.2026-03-01T123456.789Z");
    assertThat(made.moved()).contains(moved);
    assertThat(moved).hasContent(first);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(moved)))
        .isEqualTo("rw-------");
    assertThat(file).hasContent(made.token().reveal());
    assertThat(prepared("one.db")).as("it has its key").isEmpty();
  }

  private Optional<FirstStart.Made> prepared(String database) {
    try (SqlStore store = SqlStore.open(new StoreSettings.Sqlite(dir.resolve(database)))) {
      return new FirstStart(store, new Identifiers(CLOCK), CLOCK, dir).prepare(8080);
    }
  }
}
