package dev.keygate.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;

/** {@code keygate completion}: what a shell is told of the commands, made from them. */
@Command(
    name = "completion",
    header = "Print a script with which a shell completes commands and flags.",
    description = "",
    footer = {
      "",
      "Examples:",
      "  source <(keygate completion bash)                      (in ~/.bashrc or ~/.zshrc)",
      "  keygate completion fish > ~/.config/fish/completions/keygate.fish"
    },
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
  private static final String FISH_FUNCTION =
      """
      function __keygate_at
        set -l words (string match -v -- '-*' (commandline -opc)[2..-1])
        test "$words" = "$argv"
      end
      complete -c keygate -f
      """;

  private final Surroundings around;

  CompletionCommand(Surroundings around) {
    this.around = around;
  }

  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  private String shell = "";

  @Override
  public Integer call() {
    Shell known;
    try {
      known = Shell.valueOf(shell.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      around.err().println("SHELL: expected bash, zsh or fish");
      around.err().flush();
      return CommandLineTool.USAGE;
    }
    PrintWriter out = around.out();
    switch (known) {
      // The script tells zsh to take it as bash does.
      case BASH, ZSH ->
          out.print(AutoComplete.bash("keygate", CommandLineTool.everyCommand(around)));
      case FISH -> {
        out.print(FISH_FUNCTION);
        fish(CommandLineTool.everyCommand(around), List.of(), out);
      }
    }
    out.flush();
    return CommandLineTool.DONE;
  }

  private static void fish(CommandLine command, List<String> path, PrintWriter out) {
    String at = " -n '__keygate_at" + (path.isEmpty() ? "" : " " + String.join(" ", path)) + "'";
    command
        .getSubcommands()
        .forEach((name, sub) -> {
          if (!sub.getCommandSpec().usageMessage().hidden()) {
            String[] header = sub.getCommandSpec().usageMessage().header();
            out.println(
                "complete -c keygate"
                    + at
                    + " -a "
                    + name
                    + described(header.length == 0 ? "" : header[0]));
            List<String> below = new ArrayList<>(path);
            below.add(name);
            fish(sub, below, out);
          }
        });
    for (OptionSpec option : command.getCommandSpec().options()) {
      String[] description = option.description();
      out.println(
          "complete -c keygate"
              + at
              + " -l "
              + option.longestName().substring(2)
              + (option.arity().max() > 0 ? " -r" : "")
              + described(description.length == 0 ? "" : description[0]));
    }
  }

  private static String described(String text) {
    String plain = text.replace("\\", "").replace("'", "").replace("%%", "%").replace("\n", " ");
    return plain.isEmpty() ? "" : " -d '" + plain + "'";
  }
}
