package dev.keygate.cli;

import java.time.InstantSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code keygate policy}: traffic policies in files, without asking a server. */
@Command(
    name = "policy",
    header = "Check and try traffic policies, offline.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  keygate policy check policy.yaml",
      "  keygate policy test policy.yaml          (with the requests of policy.test.yaml)",
      "  keygate policy schema > policy.schema.json"
    },
    mixinStandardHelpOptions = true)
final class PolicyCommand implements Runnable {
  @Spec private CommandSpec spec;

  private PolicyCommand() {}

  static CommandLine commandLine(Surroundings around) {
    PolicyFiles files = new PolicyFiles(around);
    InstantSource clock = InstantSource.system();
    return new CommandLine(new PolicyCommand())
        .addSubcommand(new PolicyCheckCommand(files, clock))
        .addSubcommand(new PolicyTestCommand(files, clock))
        .addSubcommand(new PolicySchemaCommand(clock));
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
