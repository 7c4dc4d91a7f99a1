package dev.keygate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies in files, checked and tried without a server. */
class PolicyCommandTest {
  private static final String GOOD =
      """
      on_http_request:
        - expressions: ["req.headers['x-team'][0] == 'blue'"]
          actions:
            - type: deny
        - type: ai-gateway
          config:
            providers:
              - {id: mine, base_url: "https://models.example.com"}
      """;

  @TempDir Path directory;

  @Test
  void aGoodPolicyIsAccepted() throws IOException {
    String file = file("policy.yaml", GOOD);
    Shell.Done done = policy("check", file);
    assertThat(done.out()).isEqualTo(file + ": accepted\n");
    assertThat(done.err()).isEmpty();
    assertThat(done.code()).isZero();
  }

  @Test
  void everyProblemHasItsLineAndColumnAndWhatWouldBeRight() throws IOException {
    String file =
        file(
            "policy.yaml",
            """
            on_http_request:
              - expressions: ["req.metod == 'GET'"]
                actions:
                  - type: denny
              - type: ai-gateway
                config:
                  authorisation: policy
            """);
    Shell.Done done = policy("check", file);
    assertThat(done.code()).isEqualTo(CommandLineTool.FAILED);
    assertThat(done.out())
        .contains(file + ":2:20: error: ")
        .contains("did you mean 'req.method'?")
        .contains(file + ":4:15: error: unknown action 'denny'; did you mean 'deny'?")
        .contains(file + ":7:7: error: unknown field 'authorisation'")
        .contains("  |       authorisation: policy\n  |       ^\n")
        .endsWith(file + ": refused, 3 errors, 0 warnings\n");
  }

  @Test
  void aWarningIsShownAndDoesNotRefuse() throws IOException {
    String file = file("policy.yaml", "on_http_request:\n  - type: ai-gateway\n  - type: deny\n");
    Shell.Done done = policy("check", file);
    assertThat(done.out())
        .contains(file + ":3:5: warning: never runs: ai-gateway before it ends the phase")
        .endsWith(file + ": accepted, 1 warning\n");
    assertThat(done.code()).isZero();
  }

  @Test
  void anOpenRelayIsRefusedUnlessItIsAskedFor() throws IOException {
    String file =
        file(
            "policy.yaml",
            "on_http_request:\n  - type: ai-gateway\n    config: {authorization: policy}\n");
    Shell.Done refused = policy("check", file);
    assertThat(refused.code()).isEqualTo(CommandLineTool.FAILED);
    assertThat(refused.out()).contains("anybody may use this gateway's provider keys");
    Shell.Done allowed = policy("check", "--allow-open-relay", file);
    assertThat(allowed.code()).isZero();
    assertThat(allowed.out()).contains(": warning: ").endsWith(": accepted, 1 warning\n");
  }

  @Test
  void theAiGatewayActionIsTheRealOne() throws IOException {
    Shell.Done done =
        policy(
            "check",
            file(
                "policy.yaml",
                """
                on_http_request:
                  - type: ai-gateway
                    config: {providers: [{id: mine}], total_timeout: 2h}
                """));
    assertThat(done.code()).isEqualTo(CommandLineTool.FAILED);
    assertThat(done.out()).contains("total_timeout").contains("2h");
  }

  @Test
  void secretsMayBeNamedAwayFromTheirVault() throws IOException {
    String file = file("policy.yaml", GOOD.replace("'blue'", "secrets.get('a', 'b')"));
    assertThat(policy("check", file).out()).isEqualTo(file + ": accepted\n");
  }

  @Test
  void aDashReadsStandardInput() {
    Shell.Done done = run("{\"on_http_request\":[{\"type\":\"den\"}]}", "policy", "check", "-");
    assertThat(done.code()).isEqualTo(CommandLineTool.FAILED);
    assertThat(done.out()).startsWith("<stdin>:1:29: error: unknown action 'den'");
  }

  @Test
  void severalFilesAreCheckedAndOneRefusedFails() throws IOException {
    String good = file("good.yaml", GOOD);
    String bad = file("bad.yaml", "on_http_request: 5\n");
    Shell.Done done = policy("check", bad, good);
    assertThat(done.out()).contains(bad + ": refused").endsWith(good + ": accepted\n");
    assertThat(done.code()).isEqualTo(CommandLineTool.FAILED);
  }

  @Test
  void aFileThatCannotBeReadIsAMistakeOfTheCaller() throws IOException {
    Files.write(directory.resolve("binary"), new byte[] {(byte) 0xc3, 0x28});
    for (String file : List.of("none.yaml", ".", "binary")) {
      Shell.Done done = policy("check", directory.resolve(file).toString());
      assertThat(done.code()).as(file).isEqualTo(CommandLineTool.USAGE);
      assertThat(done.err()).contains(file).contains("keygate policy check --help");
      assertThat(done.out()).isEmpty();
    }
    assertThat(policy("check").code()).isEqualTo(CommandLineTool.USAGE);
  }

  @Test
  void aDocumentThatIsTooLongIsRefusedNotRead() throws IOException {
    Shell.Done done = policy("check", file("long.yaml", "#".repeat(3_000_000)));
    assertThat(done.code()).isEqualTo(CommandLineTool.FAILED);
    assertThat(done.out()).contains("characters").contains("long.yaml: refused, 1 error");
  }

  @Test
  void testsBesideThePolicyAreRun() throws IOException {
    String file = file("policy.yaml", GOOD);
    String passing =
        """
        tests:
          - name: blue is turned away
            request: {key: {}, headers: {x-team: blue}}
            expect: {outcome: answered, status: 403}
          - name: red is not
            request: {key: {}, headers: {x-team: red}}
            expect: {outcome: forwarded}
        """;
    file("policy.test.yaml", passing);
    Shell.Done done = policy("test", file);
    assertThat(done.out())
        .isEqualTo(file + "\n  ok    blue is turned away\n  ok    red is not\n2 of 2 passed\n");
    assertThat(done.code()).isZero();

    String failing = file("other.yaml", passing.replace("403", "401"));
    Shell.Done failed = policy("test", "--tests", failing, file);
    assertThat(failed.out()).contains("status: expected 401, was 403").endsWith("1 of 2 passed\n");
    assertThat(failed.code()).isEqualTo(CommandLineTool.FAILED);

    Shell.Done piped = run(GOOD, "policy", "test", "--tests", failing, "-");
    assertThat(piped.out()).isEqualTo(failed.out().replace(file, "<stdin>"));
  }

  @Test
  void whereTestsAreMustBeKnown() throws IOException {
    String file = file("alone.yaml", GOOD);
    Shell.Done missing = policy("test", file);
    assertThat(missing.code()).isEqualTo(CommandLineTool.USAGE);
    assertThat(missing.err()).contains("alone.test.yaml").contains("--tests FILE");
    assertThat(run(GOOD, "policy", "test", "-").code()).isEqualTo(CommandLineTool.USAGE);
  }

  @Test
  void aMistakeInTheTestsIsShownWhereItIs() throws IOException {
    String file = file("policy.yaml", GOOD);
    String tests =
        file("policy.test.yaml", "tests:\n  - name: a\n    requst: {}\n    expect: {}\n");
    Shell.Done done = policy("test", file);
    assertThat(done.out()).contains(tests + ":3:5: error: unknown field 'requst'");
    assertThat(done.code()).isEqualTo(CommandLineTool.FAILED);
  }

  @Test
  void theSchemaKnowsTheAiGateway() {
    Shell.Done done = policy("schema");
    assertThat(done.code()).isZero();
    assertThat(done.json().at("/properties/on_http_request/items/oneOf").toString())
        .contains("\"const\":\"ai-gateway\"")
        .contains("per_request_timeout");
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content).toString();
  }

  private static Shell.Done policy(String... arguments) {
    return run("", Stream.concat(Stream.of("policy"), Stream.of(arguments)).toArray(String[]::new));
  }

  private static Shell.Done run(String input, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        CommandLineTool.run(
            new Surroundings(
                Map.of(),
                Path.of("/nonexistent"),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                Optional.empty()),
            arguments);
    return new Shell.Done(code, out.toString(), err.toString());
  }
}
