package dev.keygate.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code keygate login}: keeps where a control API is, and the key for it. */
@Command(
    name = "login",
    header = "Remember a gateway on another machine.",
    description = {
      "",
      "Asks for a management key (or reads it from standard input), tries it, and stores it with"
          + " the URL in a file that only you can read. Commands then need neither. Without a"
          + " profile they talk to the gateway on this machine.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  keygate login --url https://keygate.example.com:8081",
      "  keygate login --url https://staging.example.com:8081 --profile staging < key.txt",
      "  keygate api endpoints list --profile staging",
      "  keygate login --forget --profile staging"
    },
    mixinStandardHelpOptions = true)
final class LoginCommand implements Callable<Integer> {
  private static final int MOST_INPUT = 4096;

  private final Surroundings around;

  @Option(names = "--url", paramLabel = "URL", description = "Where the control API is.")
  private @Nullable String url;

  @Option(
      names = Profile.FLAG,
      paramLabel = "NAME",
      description = "What to call it. Default: default, which is used when none is named.")
  private String profile = Profile.DEFAULT;

  @Option(names = "--forget", description = "Forget the profile instead.")
  private boolean forget;

  LoginCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    Profile.checkName(profile);
    if (forget) {
      around
          .out()
          .println(
              Profile.delete(around, profile)
                  ? "Forgot the profile " + profile + "."
                  : "There is no profile " + profile + ".");
      around.out().flush();
      return CommandLineTool.DONE;
    }
    if (url == null) {
      around.err().println("--url is required, such as https://keygate.example.com:8081.");
      around.err().flush();
      return CommandLineTool.USAGE;
    }
    String key =
        around
            .terminal()
            .map(person -> person.askSecret("management key:"))
            .orElseGet(() -> new String(around.readInput(MOST_INPUT), StandardCharsets.UTF_8))
            .strip();
    ApiServer server = ApiServer.find(around, Optional.of(url), Optional.of(key), Optional.empty());
    ApiServer.Reply reply = server.send("GET", "/endpoints?limit=1", Map.of(), "");
    if (reply.status() != 200) {
      throw new CommandFailedException(
          "Nothing was stored: "
              + server.url()
              + " does not take this key (status "
              + reply.status()
              + ").");
    }
    Path file = Profile.write(around, profile, server.url(), server.key());
    around.out().println("Logged in to " + server.url() + "; stored in " + file + ".");
    around.out().flush();
    return CommandLineTool.DONE;
  }
}
