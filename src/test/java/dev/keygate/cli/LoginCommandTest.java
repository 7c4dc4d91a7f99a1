package dev.keygate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.server.ServerSettings;
import dev.keygate.server.SettingValues;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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
  void theKeyOfThisMachineIsSentToThisMachineAlone(@TempDir Path home) throws IOException {
    Path data = Files.createDirectory(home.resolve(".keygate"));
    Files.writeString(data.resolve("management-key"), shell.managementKey());
    String[] list = {"api", "endpoints", "list", "--api-url"};
    String here = shell.url().replace("127.0.0.1", "localhost");
    assertThat(run(home, Map.of(), "", with(list, here)).code()).isZero();
    assertThat(run(home, Map.of(), "", with(list, "http://[::1]:1")).err())
        .contains("does not answer");

    // Leads to the same server, and does not look as if it did.
    String elsewhere = shell.url().replace("127.0.0.1", "0.0.0.0");
    for (Map<String, String> variables :
        List.of(Map.<String, String>of(), Map.of("KEYGATE_DATA_DIR", data.toString()))) {
      Shell.Done refused = run(home, variables, "", with(list, elsewhere));
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err()).contains("is not sent to " + elsewhere, "KEYGATE_API_KEY");
    }
    Shell.Done named =
        run(home, Map.of(), "", with(list, elsewhere, "--data-dir", data.toString()));
    assertThat(named.err()).isEmpty();
    assertThat(named.out()).startsWith("ID");
  }

  private static String[] with(String[] command, String... more) {
    return Stream.of(command, more).flatMap(Stream::of).toArray(String[]::new);
  }

  @Test
  void aChangeIsWaitedForLongerThanADeadNodeMayHoldItUp() {
    Duration maxKeyAge = ServerSettings.of(new SettingValues()).timeouts().maxKeyAge();
    assertThat(ApiServer.TIMEOUT).isGreaterThan(maxKeyAge.plusSeconds(2));
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
