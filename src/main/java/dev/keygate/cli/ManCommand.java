package dev.keygate.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** {@code keygate man}: the help of every command as one manual page. */
@Command(
    name = "man",
    header = "Print the manual page of all commands.",
    description = "",
    footer = {
      "",
      "Examples:",
      "  keygate man > /usr/local/share/man/man1/keygate.1",
      "  keygate man | man -l -"
    },
    mixinStandardHelpOptions = true)
final class ManCommand implements Callable<Integer> {
  private final Surroundings around;

  ManCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    PrintWriter out = around.out();
    out.println(".TH KEYGATE 1");
    out.println(".SH NAME");
    out.println("keygate \\- a self-hosted AI gateway");
    page(CommandLineTool.everyCommand(around), out);
    out.flush();
    return CommandLineTool.DONE;
  }

  private static void page(CommandLine command, PrintWriter out) {
    CommandSpec spec = command.getCommandSpec();
    if (spec.usageMessage().hidden()) {
      return;
    }
    out.println(".SH " + spec.qualifiedName().toUpperCase(Locale.ROOT));
    out.println(".nf");
    command
        .getUsageMessage(CommandLine.Help.Ansi.OFF)
        .lines()
        .map(line -> line.replace("\\", "\\\\").replace("-", "\\-"))
        .map(line -> line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line)
        .forEach(out::println);
    out.println(".fi");
    command.getSubcommands().values().stream().distinct().forEach(one -> page(one, out));
  }
}
