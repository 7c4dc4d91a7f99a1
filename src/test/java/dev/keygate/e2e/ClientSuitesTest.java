package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keygate.server.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Other people's clients, unchanged, against a running Keygate (see {@code clients/README.md}).
 *
 * <p>A suite whose language is not on this machine is skipped, and says so; where {@code CI} is set
 * it fails instead.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientSuitesTest {
  private static final String NGROK_SOURCES = "NGROK_API_GO";
  private static final Path PAGE = Path.of("docs", "compatibility.md");

  private RunningKeygate keygate;
  private Map<String, String> environment;
  private final List<ClientSuite.Result> results = new ArrayList<>();
  private final Set<ClientSuite> suitesRun = new HashSet<>();

  @Test
  void theManagementApiWorksWithItsPublishedGoClient() throws Exception {
    String sources = System.getenv(NGROK_SOURCES);
    assumeTrue(sources != null, NGROK_SOURCES + " names no copy of ngrok-api-go: it is not tried");
    assertThat(ClientSuite.ngrok(Path.of(sources)).results(environment))
        .allMatch(ClientSuite.Result::isOk);
  }

  static List<ClientSuite> suites() {
    return ClientSuite.ALL;
  }

  @BeforeAll
  void start(@TempDir Path dataDir) throws IOException {
    keygate = RunningKeygate.start(dataDir, Map.of(Setting.MAX_BODY, "1MiB"));
    String token = keygate.createKey().token();
    RunningKeygate.CreatedKey revoked = keygate.createKey();
    keygate.deleteKey(revoked);
    String elsewhere =
        keygate
            .controlJson(
                "POST",
                "/endpoints",
                "{\"url\":\"https://elsewhere.example.com\",\"traffic_policy\":"
                    + "\"on_http_request: [{actions: [{type: ai-gateway}]}]\"}")
            .get("id")
            .asString();
    environment =
        Map.of(
            "SUITE_GATEWAY", keygate.gatewayUrl(),
            "SUITE_PROVIDER", "http://127.0.0.1:" + keygate.provider.port(),
            "SUITE_CONTROL", keygate.controlUrl(),
            "SUITE_MANAGEMENT_KEY", keygate.managementToken(),
            "SUITE_TOKEN", token,
            "SUITE_REVOKED_TOKEN", revoked.token(),
            "SUITE_OTHER_ENDPOINT_TOKEN", keygate.createKey(elsewhere, "").token());
  }

  @AfterAll
  void stop() {
    keygate.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("suites")
  void worksUnchanged(ClientSuite suite) throws Exception {
    if (!suite.hasTool()) {
      assertThat(System.getenv("CI")).as(suite.tool() + " must be installed in CI").isNull();
      assumeTrue(
          false,
          suite.tool() + " is not installed: the " + suite.name() + " clients are not tried");
    }
    List<ClientSuite.Result> found = suite.results(environment);
    results.addAll(found);
    suitesRun.add(suite);
    assertThat(found).allMatch(ClientSuite.Result::isOk);
  }

  /**
   * After a change of versions or cases: {@code ./mvnw test -Dtest=ClientSuitesTest -Ddocs.write}.
   */
  @AfterAll
  void theCompatibilityPageSaysWhatWasTried() throws IOException {
    if (suitesRun.size() < ClientSuite.ALL.size()) {
      return;
    }
    String page = CompatibilityPage.markdown(results);
    if (System.getProperty("docs.write") != null) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(page);
  }
}
