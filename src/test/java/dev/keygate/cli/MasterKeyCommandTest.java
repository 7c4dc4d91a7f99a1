package dev.keygate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keygate.secret.MasterKey;
import dev.keygate.secret.MasterKeyEnvelope;
import dev.keygate.secret.MasterKeys;
import dev.keygate.secret.Secret;
import dev.keygate.server.StartFailedException;
import dev.keygate.store.ProviderKeyRow;
import dev.keygate.store.SecretRow;
import dev.keygate.store.SqlStore;
import dev.keygate.store.StoreSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterKeyCommandTest {
  private static final String PROVIDER_KEYS = "ai-gateway-provider-keys";

  private static void store(Shell shell, String name) {
    assertThat(
            shell
                .apiReading(
                    "value-" + name,
                    "secrets",
                    "create",
                    "--vault-name",
                    "v",
                    "--name",
                    name,
                    "--value",
                    "-")
                .err())
        .isEmpty();
  }

  /** Every stored value, opened with the keys in the file. */
  private static List<String> values(Path data) throws IOException {
    MasterKeyEnvelope envelope =
        new MasterKeyEnvelope(MasterKeys.load(null, data.resolve("master-key")));
    try (SqlStore store = SqlStore.open(new StoreSettings.Sqlite(data.resolve("keygate.db")))) {
      List<String> values = new ArrayList<>();
      store.read(tables -> {
        for (SecretRow row : tables.secrets().page("", 1000)) {
          values.add(opened(envelope, row.sealedValue(), row.id()));
        }
        for (ProviderKeyRow row : tables.providerKeys().page("", 1000)) {
          values.add(opened(envelope, row.sealedValue(), row.id()));
        }
        return values;
      });
      return values;
    }
  }

  private static String opened(MasterKeyEnvelope envelope, byte[] sealed, String id) {
    try {
      return envelope.isSealedByNewest(sealed) ? envelope.open(sealed, id).reveal() : "old";
    } catch (GeneralSecurityException e) {
      return "unreadable";
    }
  }

  @Test
  void aRunningGatewayGoesOnUnderTheNewKey(@TempDir Path dir) throws IOException {
    Path data = dir.resolve("data");
    try (Shell shell = new Shell(data)) {
      String before = Files.readString(data.resolve("master-key"));
      shell.api("vaults", "create", "--name", "v");
      store(shell, "one");
      shell.apiReading(
          "sk-1234567890", PROVIDER_KEYS, "create", "--provider-id=openai", "--value=-");

      Shell.Done done = shell.tool("", "master-key", "rotate");
      assertThat(done.err()).isEmpty();
      assertThat(done.out()).contains("2 values were sealed anew").doesNotContain(before.strip());
      String after = Files.readString(data.resolve("master-key"));
      assertThat(after.lines()).hasSize(1);
      assertThat(after).isNotEqualTo(before);
      try (Stream<Path> files = Files.list(data)) {
        assertThat(files.filter(file -> file.toString().contains("master-key.")))
            .singleElement()
            .satisfies(file -> assertThat(file).hasContent(before.strip()));
      }

      store(shell, "two");
      assertThat(values(data)).containsExactlyInAnyOrder("value-one", "value-two", "sk-1234567890");
      assertThat(shell.tool("", "master-key", "rotate", "--data-dir", data.toString()).out())
          .contains("3 values were sealed anew");
    }
    assertThat(values(data)).containsExactlyInAnyOrder("value-one", "value-two", "sk-1234567890");
  }

  @Test
  void aFileThatIsMissingIsAskedForAndNotReplaced(@TempDir Path dir) throws IOException {
    Path data = dir.resolve("data");
    Path file = data.resolve("master-key");
    Path backup = dir.resolve("backup");
    try (Shell shell = new Shell(data)) {
      shell.api("vaults", "create", "--name", "v");
      store(shell, "one");
      Files.move(file, backup);
      Shell.Done refused =
          shell.apiReading(
              "x", "secrets", "create", "--vault-name=v", "--name=two", "--value", "-");
      assertThat(refused.code()).isEqualTo(1);
      assertThat(file).doesNotExist();
    }
    assertThatThrownBy(() -> new Shell(data).close())
        .isInstanceOf(StartFailedException.class)
        .hasMessageContainingAll(file + ": is missing", "restore it from a backup");
    assertThat(file).doesNotExist();

    Files.move(backup, file);
    try (Shell shell = new Shell(data)) {
      store(shell, "two");
    }
    assertThat(values(data)).containsExactlyInAnyOrder("value-one", "value-two");
  }

  @Test
  void aRotationThatWasKilledIsFinishedByTheNext(@TempDir Path dir) throws IOException {
    Path data = dir.resolve("data");
    try (Shell shell = new Shell(data)) {
      shell.api("vaults", "create", "--name", "v");
      for (int i = 0; i < 3; i++) {
        store(shell, "s" + i);
      }
      // What is there when it dies after the first of its transactions.
      List<MasterKey> old = MasterKeys.load(null, data.resolve("master-key"));
      MasterKeys.replace(data.resolve("master-key"), List.of(MasterKey.generate(), old.getFirst()));
      store(shell, "sealed-meanwhile");
      assertThat(values(data)).contains("old", "value-sealed-meanwhile");

      Shell.Done done = shell.tool("", "master-key", "rotate");
      assertThat(done.out()).contains("3 values were sealed anew");
      assertThat(values(data)).hasSize(4).allMatch(value -> value.startsWith("value-"));
      assertThat(shell.api("secrets", "list").lines()).hasSize(5);
    }
  }

  @Test
  void aValueThatNoKeyOpensKeepsTheOldKeys(@TempDir Path dir) throws IOException {
    Path data = dir.resolve("data");
    try (Shell shell = new Shell(data)) {
      shell.api("vaults", "create", "--name", "v");
      store(shell, "lost");
      MasterKeys.replace(
          data.resolve("master-key"), List.of(MasterKey.generate(), MasterKey.generate()));
      Shell.Done done = shell.tool("", "master-key", "rotate");
      assertThat(done.code()).isEqualTo(1);
      assertThat(done.err()).contains("open under none of the master keys", "secret_");
      assertThat(Files.readString(data.resolve("master-key")).lines()).hasSize(2);
    }
  }

  @Test
  void theSettingsAreFoundWhereServeFindsThem(@TempDir Path dir) throws IOException {
    Path data = dir.resolve("data");
    Path config = Files.writeString(dir.resolve("elsewhere.yaml"), "data-dir: " + data);
    try (Shell shell = new Shell(data)) {
      shell.api("vaults", "create", "--name", "v");
      store(shell, "one");
    }
    Shell.Done done = rotate(Map.of("KEYGATE_CONFIG", config.toString()));
    assertThat(done.err()).isEmpty();
    assertThat(done.out()).contains("1 values were sealed anew");
    assertThat(values(data)).containsExactly("value-one");
  }

  @Test
  void anotherDatabaseThanTheGatewaysLeavesItsKeyAlone(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("master-key");
    MasterKeys.load(null, file);
    String key = Files.readString(file);
    Map<String, String> environment = Map.of("KEYGATE_DATA_DIR", dir.toString());

    Shell.Done absent = rotate(environment);
    assertThat(absent.code()).isEqualTo(1);
    assertThat(absent.err()).contains("There is no database " + dir, "--config", "--database-url");
    assertThat(dir.resolve("keygate.db")).doesNotExist();

    SqlStore.open(new StoreSettings.Sqlite(dir.resolve("keygate.db"))).close();
    Shell.Done empty = rotate(environment);
    assertThat(empty.code()).isEqualTo(1);
    assertThat(empty.err()).contains("Nothing in this database is sealed", "--config");
    assertThat(file).hasContent(key);
  }

  @Test
  void aDatabaseThatCannotBeReachedIsNamedWithoutATrace(@TempDir Path dir) throws IOException {
    MasterKeys.load(null, dir.resolve("master-key"));
    int nobodyListens;
    try (ServerSocket closedAtOnce = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobodyListens = closedAtOnce.getLocalPort();
    }
    Shell.Done done =
        rotate(
            Map.of(
                "KEYGATE_DATA_DIR",
                dir.toString(),
                "KEYGATE_DATABASE_URL",
                "postgresql://keygate:very-secret@127.0.0.1:" + nobodyListens + "/keygate"));
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err())
        .startsWith("cannot rotate the master key: cannot open ")
        .contains("PostgreSQL cannot be reached: check host")
        .doesNotContain("very-secret", "\tat ");
  }

  @Test
  void rotationsAtTheSameMomentLoseNothing(@TempDir Path dir) throws Exception {
    Path data = dir.resolve("data");
    try (Shell shell = new Shell(data);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      shell.api("vaults", "create", "--name", "v");
      store(shell, "one");
      store(shell, "two");
      for (int round = 0; round < 5; round++) {
        CyclicBarrier together = new CyclicBarrier(2);
        Callable<Shell.Done> rotation =
            () -> {
              together.await();
              return shell.tool("", "master-key", "rotate");
            };
        for (Future<Shell.Done> done : threads.invokeAll(List.of(rotation, rotation))) {
          assertThat(done.get().err()).isEmpty();
        }
        assertThat(values(data)).containsExactlyInAnyOrder("value-one", "value-two");
        assertThat(Files.readString(data.resolve("master-key")).lines()).hasSize(1);
      }
    }
  }

  private static Shell.Done rotate(Map<String, String> environment) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        CommandLineTool.run(
            new Surroundings(
                environment,
                Path.of("/nonexistent"),
                InputStream.nullInputStream(),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                Optional.empty()),
            "master-key",
            "rotate");
    return new Shell.Done(code, out.toString(), err.toString());
  }

  @Test
  void aKeyThatComesFromTheVariableIsTheOperatorsToChange(@TempDir Path dir) throws IOException {
    Path data = dir.resolve("data");
    try (Shell shell = new Shell(data)) {
      Secret key = Secret.of(Files.readString(data.resolve("master-key")).strip());
      shell.environment.put("KEYGATE_MASTER_KEY", key.reveal());
      Shell.Done done = shell.tool("", "master-key", "rotate");
      assertThat(done.code()).isEqualTo(1);
      assertThat(done.err()).contains("Other nodes need the new key").doesNotContain(key.reveal());
    }
    Shell.Done nowhere;
    try (Shell shell = new Shell(data)) {
      nowhere = shell.tool("", "master-key", "rotate", "--data-dir", dir.resolve("x").toString());
    }
    assertThat(nowhere.err()).contains("There is no master key in");
  }
}
