package dev.keygate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoginCommandTest {
  private Shell shell;

  @BeforeAll
  void start(@TempDir Path dir) {
    shell = new Shell(dir.resolve("data"));
  }

  @AfterAll
  void stop() {
    shell.close();
  }

  /** A command on another machine, whose user's home is this. */
  private static Shell.Done run(
      Path home, Map<String, String> environment, String input, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        CommandLineTool.run(
            new Surroundings(
                environment,
                home,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                Optional.empty()),
            arguments);
    return new Shell.Done(code, out.toString(), err.toString());
  }

  @Test
  void aProfileTakesCommandsToItsGateway(@TempDir Path home) throws IOException {
    String key = shell.managementKey();
    Shell.Done done = run(home, Map.of(), key + "\n", "login", "--url", shell.url());
    assertThat(done.err()).isEmpty();
    assertThat(done.out()).contains("Logged in to " + shell.url()).doesNotContain(key);
    Path file = home.resolve(".config/keygate/default.profile");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(run(home, Map.of(), "", "api", "endpoints", "list").out()).startsWith("ID");

    run(home, Map.of(), key, "login", "--url", shell.url(), "--profile", "other");
    assertThat(run(home, Map.of(), "", "api", "endpoints", "list", "--profile", "other").code())
        .isZero();
    assertThat(run(home, Map.of("KEYGATE_PROFILE", "other"), "", "api", "endpoints", "list").code())
        .isZero();
    assertThat(run(home, Map.of(), "", "login", "--forget").out()).contains("Forgot");
    assertThat(run(home, Map.of(), "", "api", "endpoints", "list").err())
        .contains("no management key");
  }

  @Test
  void aKeyIsSentNowhereElse(@TempDir Path home) throws IOException {
    run(home, Map.of(), shell.managementKey(), "login", "--url", shell.url());
    Shell.Done elsewhere =
        run(home, Map.of(), "", "api", "endpoints", "list", "--api-url", "http://127.0.0.1:1");
    assertThat(elsewhere.code()).isEqualTo(1);
    assertThat(elsewhere.err()).contains("no management key");
  }

  @Test
  void whatDoesNotWorkIsNotStored(@TempDir Path home) {
    Shell.Done refused = run(home, Map.of(), "kgm_wrong", "login", "--url", shell.url());
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("Nothing was stored").doesNotContain("kgm_wrong");
    assertThat(home.resolve(".config")).doesNotExist();
    assertThat(run(home, Map.of(), "", "login").code()).isEqualTo(2);
    assertThat(run(home, Map.of(), "x", "login", "--url", shell.url(), "--profile", "../x").err())
        .contains("profile");
    assertThat(run(home, Map.of(), "", "api", "endpoints", "list", "--profile", "none").err())
        .contains("There is no profile none");
  }

  @Test
  void aProfileThatOthersCanReadIsNotUsed(@TempDir Path home) throws IOException {
    run(home, Map.of(), shell.managementKey(), "login", "--url", shell.url());
    Path file = home.resolve(".config/keygate/default.profile");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(run(home, Map.of(), "", "api", "endpoints", "list").err()).contains("mode 0600");
  }
}
