package dev.keygate.cli;

import dev.keygate.policy.trial.PolicyTest;
import dev.keygate.server.ActionTypes;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code keygate policy test}: a policy on the example requests that were written beside it. */
@Command(
    name = "test",
    header = "Run a policy on example requests and compare what comes of them.",
    description = {
      "",
      "Engine and actions are the gateway's own; in the place of a provider stands what the tests"
          + " say it answers, and no other request leaves this machine. Exit code 0 when every test"
          + " passed, 1 when one failed or a document is refused, 2 when a file cannot be read.",
      ""
    },
    footer = {
      "",
      "A test:",
      "  secrets: {gateway: {token: example}}",
      "  tests:",
      "    - name: another model is turned away",
      "      request: {key: {}, headers: {x-team: red}, body: '{\"model\":\"gpt-4o\"}'}",
      "      expect: {outcome: answered, status: 403}",
      "",
      "Examples:",
      "  keygate policy test policy.yaml          (with the requests of policy.test.yaml)",
      "  keygate policy test --tests requests.yaml - < policy.json"
    },
    mixinStandardHelpOptions = true)
final class PolicyTestCommand implements Callable<Integer> {
  private static final List<String> ENDINGS = List.of(".test.yaml", ".test.yml", ".test.json");

  private final PolicyFiles documents;
  private final InstantSource clock;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "The policy document, YAML or JSON; - for standard input.")
  private String file = "";

  @Option(
      names = "--tests",
      paramLabel = "FILE",
      description =
          "The example requests. Default: the file beside the policy whose name ends in .test.yaml"
              + " where the policy's ends in .yaml.")
  private @Nullable String testsFile;

  PolicyTestCommand(PolicyFiles documents, InstantSource clock) {
    this.documents = documents;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    String beside = testsFile == null ? testsBeside() : testsFile;
    String policy = documents.read(spec, file);
    String tests = documents.read(spec, beside);
    PolicyTest.Report report =
        new PolicyTest(clock, ActionTypes.offline(clock))
            .run(PolicyFiles.name(file), policy, PolicyFiles.name(beside), tests);
    PrintWriter out = spec.commandLine().getOut();
    out.print(report.text());
    out.flush();
    return report.isGood() ? CommandLineTool.DONE : CommandLineTool.FAILED;
  }

  private String testsBeside() {
    if (file.equals(PolicyFiles.STANDARD_INPUT)) {
      throw new ParameterException(
          spec.commandLine(), "Beside standard input is no file with tests; say --tests FILE.");
    }
    int dot = file.lastIndexOf('.');
    String stem = dot > file.lastIndexOf('/') + 1 ? file.substring(0, dot) : file;
    return ENDINGS.stream()
        .map(ending -> stem + ending)
        .filter(name -> Files.exists(Path.of(name)))
        .findFirst()
        .orElseThrow(() ->
            new ParameterException(
                spec.commandLine(),
                "There is no " + stem + ENDINGS.getFirst() + "; say --tests FILE."));
  }
}
