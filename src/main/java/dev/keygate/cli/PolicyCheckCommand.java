package dev.keygate.cli;

import dev.keygate.policy.Compilation;
import dev.keygate.policy.OpenRelay;
import dev.keygate.policy.PolicyCheck;
import dev.keygate.policy.PolicyCompiler;
import dev.keygate.policy.expression.Expressions;
import dev.keygate.policy.expression.SecretSource;
import dev.keygate.server.ActionTypes;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code keygate policy check}: what saving a policy would say, without saving it. */
@Command(
    name = "check",
    header = "Compile policies and explain every problem with line and column.",
    description = {
      "",
      "The compiler is the one that policies are saved with; that the secrets a policy names exist"
          + " can only be seen when it is saved. Exit code 0 when every policy would be"
          + " saved, with warnings or without; 1 when one would be refused; 2 when a file cannot be"
          + " read.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  keygate policy check policy.yaml",
      "  keygate policy check - < policy.json"
    },
    mixinStandardHelpOptions = true)
final class PolicyCheckCommand implements Callable<Integer> {
  private final PolicyFiles documents;
  private final InstantSource clock;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "The policy documents, YAML or JSON; - for standard input.")
  private List<String> files = List.of();

  @Option(
      names = "--allow-open-relay",
      description =
          "Accept a policy that lets anybody use the gateway's provider keys, as saving does that"
              + " says allow_open_relay.")
  private boolean isOpenRelayAllowed;

  PolicyCheckCommand(PolicyFiles documents, InstantSource clock) {
    this.documents = documents;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    PolicyCompiler compiler =
        new PolicyCompiler(
            new Expressions(SecretSource.UNKNOWN, clock), ActionTypes.offline(clock));
    OpenRelay openRelay = isOpenRelayAllowed ? OpenRelay.ALLOW : OpenRelay.REFUSE;
    PrintWriter out = spec.commandLine().getOut();
    boolean isEveryOneAccepted = true;
    for (String file : files) {
      String document = documents.read(spec, file);
      Compilation compiled = compiler.compile(document, openRelay);
      out.print(PolicyCheck.report(PolicyFiles.name(file), document, compiled));
      isEveryOneAccepted &= compiled.isAccepted();
    }
    out.flush();
    return isEveryOneAccepted ? CommandLineTool.DONE : CommandLineTool.FAILED;
  }
}
