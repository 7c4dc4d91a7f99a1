package dev.keygate.cli;

import dev.keygate.key.KeyToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code keygate token}: what can be said of a token without asking a server. */
@Command(
    name = "token",
    header = "Look at a gateway API key, or report leaked ones.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class TokenCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "inspect",
      header = "Is this a well-formed gateway key, and which lookup id has it?",
      description = {
        "",
        "Checks shape and checksum. Whether the key is known, disabled or expired only the gateway"
            + " can tell.",
        ""
      },
      footer = {
        "",
        "Examples:",
        "  keygate token inspect - < token.txt     (keeps the token out of the shell's history)",
        "  keygate token inspect ng-…-g1-…"
      },
      mixinStandardHelpOptions = true)
  int inspect(
      @Parameters(paramLabel = "TOKEN", description = "The token, or - for standard input.")
          String argument)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    String text = argument.equals("-") ? firstLine() : argument;
    KeyToken token = KeyToken.parse(text.strip());
    if (token != null) {
      out.println("well-formed gateway API key " + token.displayName());
      out.println("lookup id " + token.lookupId());
      out.flush();
      return CommandLineTool.DONE;
    }
    throw new CommandFailedException(
        KeyToken.isMeantAsKey(text)
            ? "meant as a gateway API key, but its length, alphabet or checksum is wrong: a"
                + " character was lost or changed on the way"
            : "not a gateway API key: those look like ng-<16 characters>-g1-<38 characters>");
  }

  private static String firstLine() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line = in.readLine();
    return line == null ? "" : line;
  }
}
