package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On SQLite one process serves from a data directory: two would not wait for each other. */
class SecondProcessTest {
  @Test
  void aSecondProcessIsRefusedUntilTheFirstHasStopped(@TempDir Path dataDir, @TempDir Path other)
      throws Exception {
    File said = other.resolve("said").toFile();
    try (RunningKeygate first = RunningKeygate.start(dataDir)) {
      Process second = serve(dataDir, said);
      try {
        assertThat(second.waitFor(60, TimeUnit.SECONDS)).as("it ended").isTrue();
      } finally {
        second.destroyForcibly();
      }
      assertThat(second.exitValue()).isEqualTo(1);
      assertThat(Files.readString(said.toPath()))
          .contains("another Keygate serves from the data directory " + dataDir.toRealPath())
          .contains("stop it", "PostgreSQL", "--database-url")
          .doesNotContain("Exception");
      assertThat(first.chat(first.createKey().token()).statusCode()).isEqualTo(200);
    }
    try (RunningKeygate next = RunningKeygate.start(dataDir)) {
      assertThat(next.chat(next.createKey().token()).statusCode()).isEqualTo(200);
    }
  }

  private static Process serve(Path dataDir, File said) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        List.of(
            java,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.keygate.Keygate",
            "serve",
            "--listen=127.0.0.1:0",
            "--control-listen=127.0.0.1:0",
            "--data-dir=" + dataDir);
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said).start();
  }
}
