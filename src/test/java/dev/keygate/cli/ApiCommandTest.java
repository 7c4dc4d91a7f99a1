package dev.keygate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiCommandTest {
  private static final String KEYS = "ai-gateway-api-keys";
  private static final String PROVIDER_KEYS = "ai-gateway-provider-keys";
  private static final String VALUE = "sk-canary-7d1f0a9b3c5e";

  private Shell shell;

  @BeforeAll
  void start(@TempDir Path dir) {
    shell = new Shell(dir.resolve("data"));
  }

  @AfterAll
  void stop() {
    shell.close();
  }

  @Test
  void theTwoCommandsOfTheGuideWork() {
    Shell.Done created =
        shell.api(
            KEYS,
            "create",
            "--endpoint-id",
            shell.endpointId(),
            "--description",
            "Production web app");
    assertThat(created.err()).isEmpty();
    assertThat(created.code()).isZero();
    String token = created.lines().getLast();
    assertThat(token).matches("ng-\\w{16}-g1-\\w{38}");
    assertThat(created.out()).containsOnlyOnce(token);

    Shell.Done listed = shell.api(KEYS, "list");
    assertThat(listed.lines().getFirst()).startsWith("ID ").contains("DESCRIPTION", "LAST USED");
    assertThat(listed.out()).contains("Production web app").doesNotContain(token, "\u001b");
    int column = listed.lines().getFirst().indexOf("DESCRIPTION");
    assertThat(listed.lines())
        .anySatisfy(line -> assertThat(line.substring(column)).startsWith("Production web app"));
  }

  @Test
  void aKeyIsShownChangedAndDeleted() {
    String id = shell.createKey("one to change").get("id").asString();
    assertThat(shell.api(KEYS, "get", id).out()).containsPattern("description +one to change");

    Shell.Done updated =
        shell.api(KEYS, "update", id, "--disabled", "--expires-at", "2031-01-31T12:00:00Z", "-h");
    assertThat(updated.out()).contains("--disabled");
    updated = shell.api(KEYS, "update", id, "--disabled", "--expires-at", "2031-01-31T12:00:00Z");
    assertThat(updated.out()).containsPattern("disabled +true").contains("2031-01-31T12:00:00Z");
    updated = shell.api(KEYS, "update", id, "--disabled=false", "--expires-at", "null");
    assertThat(updated.out()).containsPattern("disabled +false").containsPattern("expires at +-");
    assertThat(updated.out()).containsPattern("description +one to change");

    assertThat(shell.api(KEYS, "delete", id).out()).isEqualTo("Deleted " + id + ".\n");
    Shell.Done gone = shell.api(KEYS, "get", id);
    assertThat(gone.code()).isEqualTo(1);
    assertThat(gone.err()).contains(id).contains("(ERR_KEYGATE_NOT_FOUND)");
    assertThat(gone.out()).isEmpty();
  }

  @Test
  void somebodyAtATerminalIsAskedBeforeADelete() {
    String id = shell.createKey("one to keep").get("id").asString();
    Shell.Done kept = shell.apiAsked("n", KEYS, "delete", id);
    assertThat(kept.code()).isEqualTo(1);
    assertThat(kept.err()).contains("Nothing was deleted.");
    assertThat(shell.api(KEYS, "get", id).code()).isZero();
    assertThat(shell.apiAsked("y", KEYS, "delete", id).code()).isZero();

    id = shell.createKey("one to delete at once").get("id").asString();
    assertThat(shell.apiAsked("n", KEYS, "delete", id, "--yes").code()).isZero();
  }

  @Test
  void aKeyIsRotatedAndItsGraceEnded() {
    JsonNode made = shell.createKey("one to rotate");
    String id = made.get("id").asString();
    Shell.Done rotated = shell.api(KEYS, "rotate", id, "--grace", "1h");
    assertThat(rotated.err()).isEmpty();
    assertThat(rotated.lines().getLast())
        .matches("ng-\\w{16}-g1-\\w{38}")
        .isNotEqualTo(made.get("token").asString());
    Shell.Done ended = shell.api(KEYS, "end-grace", id);
    assertThat(ended.code()).isZero();
    assertThat(ended.out()).contains("previous token").doesNotContain("shown this once");
  }

  @Test
  void leakedTokensAreFoundInATextAndNotPrinted() {
    JsonNode made = shell.createKey("one that leaks");
    String token = made.get("token").asString();
    Shell.Done done =
        shell.tool(
            "curl -H 'x-api-key: " + token + "'\nkey=" + token + ";ng-short-g1-x",
            "token",
            "report");
    assertThat(done.err()).isEmpty();
    assertThat(done.lines()).hasSize(2);
    assertThat(done.out()).contains("disabled", made.get("id").asString()).doesNotContain(token);
    assertThat(shell.api(KEYS, "get", made.get("id").asString()).out())
        .containsPattern("disabled +true");
    assertThat(shell.tool("nothing", "token", "report").out()).contains("no token");
  }

  @Test
  void secretsGoByBothTheirNames() {
    shell.api("vaults", "create", "--name", "v");

    Shell.Done made =
        shell.apiReading(
            "x", "secrets", "create", "--vault-name", "v", "--name", "s", "--value", "-");
    assertThat(made.err()).isEmpty();
    assertThat(shell.api("vault-secrets", "list").out())
        .isEqualTo(shell.api("secrets", "list").out());
    assertThat(shell.api("secrets", "list").lines()).hasSize(2);
  }

  @Test
  void headersStandOutAtATerminalOnly() {
    assertThat(shell.apiAsked("", "endpoints", "list").out()).startsWith("\u001b[1mID");
    assertThat(shell.api("endpoints", "list").out()).startsWith("ID");
  }

  @Test
  void programsGetJsonOrYaml() {
    JsonNode created = shell.createKey("for a program");
    assertThat(created.get("token").asString()).startsWith("ng-");
    String yaml = shell.api(KEYS, "get", created.get("id").asString(), "--output", "yaml").out();
    assertThat(yaml).contains("description: for a program\n").contains("disabled: false\n");
    Shell.Done wrong = shell.api(KEYS, "list", "--output", "xml");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("--output: expected table, json or yaml");
  }

  @Test
  void listsArePagedAndFiltered() {
    shell.createKey("page one");
    shell.createKey("page two");
    Shell.Done first = shell.api(KEYS, "list", "--limit", "1");
    assertThat(first.lines()).hasSize(2);
    assertThat(first.err()).contains("--before-id");
    String id = first.lines().getLast().split(" ", 2)[0];
    assertThat(shell.api(KEYS, "list", "--limit", "1", "--before-id", id).out())
        .contains("page one");
    assertThat(shell.api(KEYS, "list", "--limit", "many").code()).isEqualTo(2);
  }

  @Test
  void aProviderKeyIsReadFromStandardInput() {
    Shell.Done created =
        shell.apiReading(
            VALUE + "\n", PROVIDER_KEYS, "create", "--provider-id", "openai", "--value", "-");
    assertThat(created.code()).isZero();
    assertThat(created.out()).contains("***3c5e").doesNotContain(VALUE);
    Shell.Done typed =
        shell.apiAsked(VALUE, PROVIDER_KEYS, "create", "--provider-id", "openai", "--value", "-");
    assertThat(typed.out()).contains("***3c5e").doesNotContain(VALUE);
  }

  @Test
  void providerKeysAreAttachedAsJson() {
    String keys = "[{\"provider_id\":\"openai\",\"value\":\"" + VALUE + "\"}]";
    Shell.Done created =
        shell.api(KEYS, "create", "--endpoint-id", shell.endpointId(), "--provider-keys", keys);
    assertThat(created.err()).isEmpty();
    assertThat(created.out()).containsPattern("provider keys +\\S+").doesNotContain(VALUE);
    Shell.Done broken =
        shell.api(
            KEYS, "create", "--endpoint-id", "ep_1", "--provider-keys", keys.replace("]", "!"));
    assertThat(broken.code()).isEqualTo(2);
    assertThat(broken.err()).contains("--provider-keys: not JSON").doesNotContain(VALUE);
  }

  @Test
  void anEndpointTakesItsPolicyFromAFile(@TempDir Path dir) throws IOException {
    Path policy = dir.resolve("policy.yaml");
    Files.writeString(policy, "on_http_request:\n  - type: ai-gateway\n");
    Shell.Done created =
        shell.api(
            "endpoints",
            "create",
            "--url",
            "https://file.example.com",
            "--traffic-policy-file",
            policy.toString(),
            "--output",
            "json");
    assertThat(created.err()).isEmpty();
    assertThat(created.json().get("traffic_policy").asString()).contains("type: ai-gateway");
    String id = created.json().get("id").asString();
    assertThat(shell.api("endpoints", "get", id).out()).contains("\n    on_http_request:\n");

    Shell.Done refused =
        shell.apiReading(
            "on_http_request:\n  - type: ai-gatewy\n",
            "endpoints",
            "update",
            id,
            "--traffic-policy-file",
            "-");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("ai-gatewy").contains("ERR_");
    assertThat(shell.api("endpoints", "update", id, "--traffic-policy-file", "none").err())
        .contains("none cannot be read");
  }

  @Test
  void refusalsNameTheirCodeAndNeverACredential() throws IOException {
    Shell.Done refused = shell.api(KEYS, "create", "--endpoint-id", "ep_none");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("(ERR_NGROK_27002)");

    Shell.Done unknown =
        shell.api(PROVIDER_KEYS, "create", "--provider-id", VALUE, "--value", VALUE);
    assertThat(unknown.err()).contains("(ERR_NGROK_27508)").doesNotContain(VALUE);

    String key = shell.managementKey();
    for (String wrong : new String[] {key + "x", "not a key", "kgm_\nx"}) {
      Shell.Done denied = shell.api(KEYS, "list", "--api-key", wrong);
      assertThat(denied.code()).isEqualTo(1);
      assertThat(denied.err()).contains("--api-key").doesNotContain(wrong, key);
    }
  }

  @Test
  void wrongUseIsToldWithWhatWasMeant() {
    assertUsage(shell.api(KEYS, "list", "--fliter", "x"), "no flag --fliter", "'--filter'");
    assertUsage(shell.api(KEYS, "lst"), "no command 'lst'", "'list'");
    assertUsage(shell.api("endpoint", "list"), "no command 'endpoint'", "'endpoints'");
    assertUsage(shell.api(KEYS, "create"), "--endpoint-id");
    assertUsage(shell.api(KEYS, "get"), "ID");
    assertUsage(shell.api(KEYS), "create", "delete");
    assertUsage(shell.api(KEYS, "update", "x", "--disabled", "maybe"), "expected true or false");
    Shell.Done slipped =
        shell.api(PROVIDER_KEYS, "create", "--provider-id=openai", "--value=a", "--valu=" + VALUE);
    assertUsage(slipped, "no flag --valu;");
    assertThat(slipped.err()).doesNotContain(VALUE);
    slipped = shell.api(PROVIDER_KEYS, "create", "--provider-id=openai", "--value=a", VALUE);
    assertUsage(slipped, "argument too many");
    assertThat(slipped.err()).doesNotContain(VALUE);
  }

  private static void assertUsage(Shell.Done done, String... said) {
    assertThat(done.err()).contains(said);
    assertThat(done.code()).isEqualTo(2);
    assertThat(done.out()).isEmpty();
  }

  @Test
  void aServerThatDoesNotRunIsExplained(@TempDir Path dir) {
    Map<String, String> nowhere = Map.of("KEYGATE_API_URL", "http://127.0.0.1:1");
    Shell.Done noKey =
        Shell.run(nowhere, "", Optional.empty(), KEYS, "list", "--data-dir", dir.toString());
    assertThat(noKey.code()).isEqualTo(1);
    assertThat(noKey.err())
        .contains(dir.resolve("management-key").toString(), "keygate serve", "--data-dir");
    Shell.Done silent =
        Shell.run(nowhere, "", Optional.empty(), KEYS, "list", "--api-key", "kgm_x");
    assertThat(silent.code()).isEqualTo(1);
    assertThat(silent.err())
        .contains("does not answer at http://127.0.0.1:1", "keygate serve", "--api-url");
    Shell.Done password = shell.api(KEYS, "list", "--api-url", "http://me:hidden@127.0.0.1:1");
    assertThat(password.err()).contains("expected http://HOST:PORT").doesNotContain("hidden");
  }
}
