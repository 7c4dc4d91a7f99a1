package dev.keygate.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.control.RunningControl.Answered;
import dev.keygate.store.StoreSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;

/** The document and the server say the same, and published clients can read it. */
class ContractTest {
  private static final JsonNode DOCUMENT = document();

  private static JsonNode document() {
    Object loaded = new Load(LoadSettings.builder().build()).loadFromString(Contract.load().text());
    return RunningControl.JSON.valueToTree(loaded);
  }

  @Test
  void everyErrorCodeIsListedWithItsStatus() {
    Map<String, String> listed = new LinkedHashMap<>();
    DOCUMENT
        .at("/components/schemas/Error/properties/error_code/x-codes")
        .properties()
        .forEach(code -> listed.put(code.getKey(), code.getValue().asString().split(":", 2)[0]));
    Map<String, String> used = new LinkedHashMap<>();
    Arrays.stream(ErrorCode.values())
        .forEach(code -> used.put(code.code(), Integer.toString(code.status())));
    assertThat(listed).isEqualTo(used);
  }

  @Test
  void answersHaveTheFieldsThatTheDocumentSays(@TempDir Path directory) {
    try (RunningControl control =
        new RunningControl(new StoreSettings.Sqlite(directory.resolve("keygate.db")))) {
      String endpoint = control.endpoint("https://ai.example.com:8443");
      Answered key =
          control.post(
              "/ai_gateway_api_keys",
              """
              {"endpoint_id": "%s",
               "provider_keys": [{"provider_id": "openai", "value": "sk-0123456789"}]}\
              """
                  .formatted(endpoint));
      assertFields("AiGatewayApiKey", key.json(), Set.of());
      assertFields("AiGatewayProviderKey", key.json().at("/provider_keys/0"), Set.of());
      assertFields("AiGatewayApiKey", rotated(control, key.text("id")), Set.of());
      assertFields(
          "RetiredToken", control.get("/retired_tokens").json().at("/retired_tokens/0"), Set.of());
      assertFields(
          "LeakResult",
          control.post("/leaks", "{\"tokens\": [\"x\"]}").json().at("/results/0"),
          Set.of());
      assertFields("Endpoint", control.get("/endpoints/" + endpoint).json(), Set.of("warnings"));
      assertFields("ApiKey", control.post("/api_keys", "{}").json(), Set.of());
      assertFields("Vault", control.post("/vaults", "{\"name\": \"v\"}").json(), Set.of());
      assertFields(
          "VaultSecret",
          control
              .post("/vault_secrets", "{\"vault_name\": \"v\", \"name\": \"s\", \"value\": \"x\"}")
              .json(),
          Set.of("value"));
      assertThat(control.get("/vault_secrets").json().get("secrets").size()).isOne();
      Answered policy = control.post("/ip_policies", "{}");
      assertFields("IpPolicy", policy.json(), Set.of());
      assertFields(
          "IpPolicyRule",
          control
              .post(
                  "/ip_policy_rules",
                  "{\"ip_policy_id\": \"%s\", \"cidr\": \"10.0.0.0/8\"}"
                      .formatted(policy.text("id")))
              .json(),
          Set.of());
      assertFields("EndpointList", control.get("/endpoints").json(), Set.of());
    }
  }

  private static JsonNode rotated(RunningControl control, String id) {
    JsonNode key = control.post("/ai_gateway_api_keys/" + id + "/rotate", "{}").json();
    assertFields("PreviousToken", key.get("previous_token"), Set.of());
    return key;
  }

  private static void assertFields(String schema, JsonNode object, Set<String> absent) {
    JsonNode properties = DOCUMENT.at("/components/schemas/" + schema + "/properties");
    Set<String> expected = new TreeSet<>(properties.propertyNames());
    expected.removeAll(absent);
    assertThat(new TreeSet<>(object.propertyNames())).as(schema).isEqualTo(expected);
  }

  /** Types by field as the published Go client decodes them; a null is nothing to it. */
  @Test
  void thePublishedGoClientDecodesEveryAnswer(@TempDir Path directory) {
    try (RunningControl control =
        new RunningControl(new StoreSettings.Sqlite(directory.resolve("keygate.db")))) {
      String endpoint = control.endpoint("https://ai.example.com");
      JsonNode key =
          control.post("/ai_gateway_api_keys", RunningControl.body("endpoint_id", endpoint)).json();
      assertTexts(
          key,
          "id",
          "uri",
          "created_at",
          "updated_at",
          "description",
          "metadata",
          "token",
          "display_name");
      assertReferences(key, "created_by", "last_updated_by", "endpoint");
      assertThat(key.get("last_used").isNull()).isTrue();

      JsonNode shown = control.get("/endpoints/" + endpoint).json();
      assertTexts(
          shown,
          "id",
          "uri",
          "created_at",
          "updated_at",
          "public_url",
          "proto",
          "scheme",
          "hostport",
          "host",
          "type",
          "metadata",
          "description",
          "url",
          "traffic_policy");
      assertThat(shown.get("port").isIntegralNumber()).isTrue();
      assertThat(shown.get("pooling_enabled").isBoolean()).isTrue();
      shown.get("bindings").forEach(binding -> assertThat(binding.isString()).isTrue());

      JsonNode management = control.post("/api_keys", "{}").json();
      assertTexts(management, "id", "uri", "description", "metadata", "created_at", "token");

      JsonNode refused = control.post("/endpoints", "{}").json();
      assertTexts(refused, "error_code", "msg");
      assertThat(refused.get("status_code").isInt()).isTrue();
      refused.get("details").forEach(detail -> assertThat(detail.isString()).isTrue());
    }
  }

  private static void assertTexts(JsonNode object, String... names) {
    for (String name : names) {
      assertThat(object.get(name).isString()).as(name).isTrue();
    }
  }

  private static void assertReferences(JsonNode object, String... names) {
    for (String name : names) {
      assertTexts(object.get(name), "id", "uri");
    }
  }

  @Test
  void referencesToTheGatewayItselfLeadNowhere(@TempDir Path directory) {
    try (RunningControl control =
        new RunningControl(new StoreSettings.Sqlite(directory.resolve("keygate.db")))) {
      JsonNode first = control.get("/api_keys").json().get("keys").get(0);
      assertThat(first.at("/created_by/id").asString()).isEqualTo("keygate");
      assertThat(first.at("/created_by/uri").asString()).isEmpty();
    }
  }
}
