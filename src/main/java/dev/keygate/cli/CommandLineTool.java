package dev.keygate.cli;

import dev.keygate.server.InvalidSettingsException;
import dev.keygate.server.StartFailedException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line. Exit codes: 0 done, 1 refused or failed, 2 used wrongly (SPEC.md section 12).
 */
public final class CommandLineTool {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  private CommandLineTool() {}

  /** Runs one command line and returns its exit code. */
  public static int run(String... arguments) {
    return run(Surroundings.ofProcess(), arguments);
  }

  static int run(Surroundings around, String... arguments) {
    return commandLine(around, arguments).execute(arguments);
  }

  /**
   * The commands that these arguments may name. Who names one gets that one alone: the others take
   * their time to describe.
   */
  static CommandLine commandLine(Surroundings around, String... arguments) {
    CommandLine tool = Top.commandLine();
    Map<String, Supplier<CommandLine>> commands = commands(around, Arrays.asList(arguments));
    String first = arguments.length == 0 ? "" : arguments[0];
    commands.forEach((name, command) -> {
      if (!commands.containsKey(first) || name.equals(first)) {
        tool.addSubcommand(name, command.get());
      }
    });
    tool.setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, command));
    tool.setParameterExceptionHandler((failure, parsed) -> misused(failure));
    tool.setUsageHelpAutoWidth(true);
    tool.setOut(around.out());
    tool.setErr(around.err());
    return tool;
  }

  /** The tree with no command left out. */
  static CommandLine everyCommand(Surroundings around) {
    List<String> all = new ArrayList<>(List.of("", ApiCommands.NAME));
    all.addAll(ApiContract.load(List.of()).resources().keySet());
    return commandLine(around, all.toArray(String[]::new));
  }

  private static Map<String, Supplier<CommandLine>> commands(
      Surroundings around, List<String> arguments) {
    Map<String, Supplier<CommandLine>> commands = new LinkedHashMap<>();
    commands.put("serve", ServeCommand::commandLine);
    commands.put(ApiCommands.NAME, () -> new CommandLine(ApiCommands.spec(around, arguments)));
    commands.put("policy", () -> PolicyCommand.commandLine(around));
    commands.put("sim", () -> new CommandLine(new SimCommand()));
    commands.put(
        "token",
        () ->
            new CommandLine(new TokenCommand())
                .addSubcommand("report", new CommandLine(new TokenReportCommand(around))));
    commands.put("master-key", () -> new CommandLine(new MasterKeyCommand(around)));
    commands.put("login", () -> new CommandLine(new LoginCommand(around)));
    commands.put("completion", () -> new CommandLine(new CompletionCommand(around)));
    commands.put("man", () -> new CommandLine(new ManCommand(around)));
    commands.put("train", () -> new CommandLine(new TrainCommand()));
    return commands;
  }

  /**
   * Expected failures carry a message written for people; anything else is a bug with its trace.
   */
  private static int explain(Exception failure, CommandLine command) {
    PrintWriter err = command.getErr();
    if (failure instanceof InvalidSettingsException
        || failure instanceof StartFailedException
        || failure instanceof CommandFailedException) {
      err.println(failure.getMessage());
    } else {
      failure.printStackTrace(err);
    }
    err.flush();
    return failure instanceof InvalidSettingsException ? USAGE : FAILED;
  }

  private static int misused(ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(
        failure instanceof UnmatchedArgumentException unmatched
            ? Misuse.explain(unmatched)
            : failure.getMessage());
    err.println("Try `" + command.getCommandSpec().qualifiedName() + " --help`.");
    err.flush();
    return USAGE;
  }

  /** What stands before the commands. Described by calls: annotations take longer to read. */
  private static final class Top implements Runnable {
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("keygate");

    static CommandLine commandLine() {
      CommandSpec spec = new Top().spec;
      spec.mixinStandardHelpOptions(true).versionProvider(new Version());
      spec.usageMessage()
          .synopsisSubcommandLabel("COMMAND")
          .header("A self-hosted AI gateway.")
          .description(
              "",
              "Applications call it as they call OpenAI or Anthropic, with a gateway key. It checks"
                  + " the key, applies the endpoint's traffic policy, puts the provider's key on the"
                  + " request and streams the answer back.",
              "")
          .footer(
              "",
              "Begin here, with nothing configured and no provider key:",
              "  keygate serve --demo");
      return new CommandLine(spec);
    }

    @Override
    public void run() {
      spec.commandLine().usage(spec.commandLine().getOut());
    }
  }

  /** The version in the jar's manifest, or that this is a build without one. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = CommandLineTool.class.getPackage().getImplementationVersion();
      return new String[] {"keygate " + (version == null ? "(development build)" : version)};
    }
  }
}
