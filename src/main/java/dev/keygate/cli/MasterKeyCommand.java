package dev.keygate.cli;

import dev.keygate.server.MasterKeyRotation;
import dev.keygate.server.ServerSettings;
import dev.keygate.server.Setting;
import dev.keygate.server.SettingValues;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code keygate master-key}: works on the data directory itself, on the server's machine. */
@Command(
    name = "master-key",
    header = "Change the key that stored secrets are sealed under.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class MasterKeyCommand implements Runnable {
  private final Surroundings around;
  @Spec private CommandSpec spec;

  MasterKeyCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public void run() {
    spec.commandLine().usage(around.out());
  }

  @Command(
      name = "rotate",
      header = "Seal every provider key and secret under a new master key.",
      description = {
        "",
        "The gateway may run meanwhile. An interrupted rotation harms nothing: run it again, and it"
            + " goes on. The old key is kept in a file of its own, because backups of the database"
            + " from before need it; delete it with them.",
        "",
        "With several nodes, or KEYGATE_MASTER_KEY, put the new key before the old one everywhere"
            + " first; this command then says so.",
        ""
      },
      footer = {
        "",
        "Examples:",
        "  keygate master-key rotate",
        "  keygate master-key rotate --data-dir /var/lib/keygate"
      },
      mixinStandardHelpOptions = true)
  int rotate(
      @Option(
              names = "--data-dir",
              paramLabel = "DIR",
              description = "The server's data directory. Default: as for keygate serve.")
          @Nullable String dataDir,
      @Option(
              names = "--database-url",
              paramLabel = "URL",
              description = "The server's database, when it is PostgreSQL.")
          @Nullable String databaseUrl,
      @Option(
              names = "--config",
              paramLabel = "FILE",
              description =
                  "Settings to read. Default: KEYGATE_CONFIG, else keygate.yaml in the working"
                      + " directory.")
          @Nullable Path config) {
    SettingValues values =
        SettingValues.configured(Optional.ofNullable(config), around.environment());
    if (dataDir != null) {
      values.withFlag(Setting.DATA_DIR, dataDir);
    }
    if (databaseUrl != null) {
      values.withFlag(Setting.DATABASE_URL, databaseUrl);
    }
    MasterKeyRotation.Outcome done =
        MasterKeyRotation.run(ServerSettings.of(values), around.environment());
    PrintWriter out = around.out();
    out.println(
        "Everything is sealed under master key "
            + done.newest()
            + " now; "
            + done.resealed()
            + " values were sealed anew.");
    done.kept().forEach(file -> out.println("The key from before is in " + file + "."));
    if (done.kept().isEmpty()) {
      out.println("Take the old key away on every node when all of them have the new one.");
    }
    out.flush();
    return CommandLineTool.DONE;
  }
}
