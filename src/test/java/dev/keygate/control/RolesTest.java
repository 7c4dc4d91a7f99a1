package dev.keygate.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.store.StoreSettings;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may do what, as a table: every operation of the contract has its line. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolesTest {
  private static final String TABLE =
      """
      ai_gateway_api_keys.list,        VIEWER
      ai_gateway_api_keys.get,         VIEWER
      ai_gateway_api_keys.create,      EDITOR
      ai_gateway_api_keys.update,      EDITOR
      ai_gateway_api_keys.delete,      EDITOR
      ai_gateway_api_keys.rotate,      EDITOR
      ai_gateway_api_keys.end_grace,   EDITOR
      retired_tokens.list,             VIEWER
      retired_tokens.get,              VIEWER
      leaks.report,                    EDITOR
      ai_gateway_provider_keys.list,   VIEWER
      ai_gateway_provider_keys.get,    VIEWER
      ai_gateway_provider_keys.create, EDITOR
      ai_gateway_provider_keys.update, EDITOR
      ai_gateway_provider_keys.delete, EDITOR
      endpoints.list,                  VIEWER
      endpoints.get,                   VIEWER
      endpoints.create,                EDITOR
      endpoints.update,                EDITOR
      endpoints.delete,                EDITOR
      policy_checks.create,            EDITOR
      policy_tests.create,             EDITOR
      policy_schema.list,              VIEWER
      models.list,                     VIEWER
      vaults.list,                     VIEWER
      vaults.get,                      VIEWER
      vaults.create,                   EDITOR
      vaults.update,                   EDITOR
      vaults.delete,                   EDITOR
      vaults.list_secrets,             VIEWER
      vaults.create_secret,            EDITOR
      vault_secrets.list,              VIEWER
      vault_secrets.get,               VIEWER
      vault_secrets.create,            EDITOR
      vault_secrets.update,            EDITOR
      vault_secrets.delete,            EDITOR
      ip_policies.list,                VIEWER
      ip_policies.get,                 VIEWER
      ip_policies.create,              EDITOR
      ip_policies.update,              EDITOR
      ip_policies.delete,              EDITOR
      ip_policy_rules.list,            VIEWER
      ip_policy_rules.get,             VIEWER
      ip_policy_rules.create,          EDITOR
      ip_policy_rules.update,          EDITOR
      ip_policy_rules.delete,          EDITOR
      audit_events.list,               ADMIN
      requests.list,                   VIEWER
      requests.get,                    VIEWER
      usage.list,                      VIEWER
      usage.overview,                  VIEWER
      api_keys.list,                   ADMIN
      api_keys.get,                    ADMIN
      api_keys.create,                 ADMIN
      api_keys.update,                 ADMIN
      api_keys.delete,                 ADMIN
      """;

  private RunningControl control;
  private final Map<Role, String> tokens = new EnumMap<>(Role.class);

  @BeforeAll
  void start(@TempDir Path directory) {
    control = new RunningControl(new StoreSettings.Sqlite(directory.resolve("keygate.db")));
    for (Role role : Role.values()) {
      tokens.put(role, control.managementKey(role));
    }
  }

  @AfterAll
  void stop() {
    control.close();
  }

  @ParameterizedTest
  @CsvSource(textBlock = TABLE)
  void anOperationIsForThisRoleAndThoseAbove(String operation, Role least) {
    for (Role role : Role.values()) {
      String token = tokens.getOrDefault(role, "");
      RunningControl.Answered answered = attempt(operation, token);
      if (role.includes(least)) {
        assertThat(answered.code())
            .as("%s as %s", operation, role)
            .isNotEqualTo("ERR_KEYGATE_ROLE");
      } else {
        ControlContract.assertRefused(answered, 403, "ERR_KEYGATE_ROLE");
        assertThat(answered.message()).contains(role.toString(), operation, least.toString());
      }
    }
  }

  /** Calls it on objects that are not there: whoever may do it is told so. */
  private RunningControl.Answered attempt(String operation, String token) {
    String[] name = operation.split("\\.", 2);
    String list = "/" + name[0];
    String item = list + "/none";
    return switch (name[1]) {
      case "list" -> control.callAs(token, "GET", list, "");
      case "get" -> control.callAs(token, "GET", item, "");
      case "create" -> control.callAs(token, "POST", list, "{\"unknown\":1}");
      case "update" -> control.callAs(token, "PATCH", item, "{}");
      case "rotate" -> control.callAs(token, "POST", item + "/rotate", "{}");
      case "end_grace" -> control.callAs(token, "POST", item + "/end_grace", "");
      case "report" -> control.callAs(token, "POST", list, "{\"tokens\":[]}");
      case "list_secrets" -> control.callAs(token, "GET", item + "/secrets", "");
      case "create_secret" -> control.callAs(token, "POST", item + "/secrets", "{}");
      default -> control.callAs(token, "DELETE", item, "");
    };
  }

  @Test
  void theTableIsComplete() {
    List<String> inContract =
        Contract.load().operations().stream().map(Operation::id).sorted().toList();
    List<String> inTable =
        TABLE.lines().map(line -> line.split(",", 2)[0].strip()).sorted().toList();
    assertThat(inTable).isEqualTo(inContract);
  }

  @Test
  void theLastAdminStaysOne(@TempDir Path directory) {
    try (RunningControl alone =
        new RunningControl(new StoreSettings.Sqlite(directory.resolve("alone.db")))) {
      String id = alone.get("/api_keys").json().get("keys").get(0).get("id").asString();
      ControlContract.assertRefused(
          alone.patch("/api_keys/" + id, "{\"role\":\"viewer\"}"), 409, "ERR_KEYGATE_LAST_ADMIN");
      ControlContract.assertRefused(alone.delete("/api_keys/" + id), 409, "ERR_KEYGATE_LAST_ADMIN");
      alone.managementKey(Role.ADMIN);
      assertThat(alone.delete("/api_keys/" + id).status()).isEqualTo(204);
    }
  }
}
