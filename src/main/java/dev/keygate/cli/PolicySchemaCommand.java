package dev.keygate.cli;

import dev.keygate.policy.PolicySchema;
import dev.keygate.server.ActionTypes;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code keygate policy schema}: what editors complete and underline policies with. */
@Command(
    name = "schema",
    header = "Print the JSON Schema of policy documents, for editors.",
    description = {
      "",
      "It says which actions there are, where they may stand and what they are configured with."
          + " Expressions are texts to it: keygate policy check compiles them.",
      ""
    },
    footer = {
      "",
      "Example, for editors that follow the YAML language server:",
      "  keygate policy schema > policy.schema.json",
      "  and as the first line of policy.yaml:",
      "  # yaml-language-server: $schema=policy.schema.json"
    },
    mixinStandardHelpOptions = true)
final class PolicySchemaCommand implements Callable<Integer> {
  private final InstantSource clock;

  @Spec private CommandSpec spec;

  PolicySchemaCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(PolicySchema.json(ActionTypes.offline(clock)));
    out.flush();
    return CommandLineTool.DONE;
  }
}
