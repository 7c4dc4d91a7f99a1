package dev.keygate.control;

import static dev.keygate.control.ControlContract.assertRefused;
import static dev.keygate.control.RunningControl.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.control.RunningControl.Answered;
import dev.keygate.key.KeyToken;
import dev.keygate.store.AuditRow;
import dev.keygate.store.RetiredTokenRow;
import dev.keygate.store.StoreSettings;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Rotation of tokens and reports of leaked ones, on every database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TokenContract {
  private static final String KEYS = "/ai_gateway_api_keys";

  private RunningControl control;
  private String endpoint;

  abstract StoreSettings emptyDatabase() throws Exception;

  @BeforeAll
  void start() throws Exception {
    control = new RunningControl(emptyDatabase());
    endpoint = control.endpoint("https://ai.example.com");
  }

  @AfterAll
  void stop() {
    control.close();
  }

  private Answered key() {
    return control.post(
        KEYS,
        """
        {"endpoint_id": "%s", "description": "web", "requests_per_minute": 7,
         "provider_keys": [{"provider_id": "openai", "value": "sk-0123456789"}]}\
        """
            .formatted(endpoint));
  }

  private Answered rotate(String id, String grace, String... headers) {
    return control.post(KEYS + "/" + id + "/rotate", body("grace", grace), headers);
  }

  @Test
  void aRotatedKeyKeepsAllButItsToken() {
    Answered made = key();
    Answered rotated = rotate(made.text("id"), "24h");
    assertThat(rotated.status()).isEqualTo(200);
    assertThat(rotated.text("token")).matches("ng-\\w{16}-g1-\\w{38}");
    assertThat(rotated.text("token")).isNotEqualTo(made.text("token"));
    assertThat(rotated.text("id")).isEqualTo(made.text("id"));
    assertThat(rotated.json().get("requests_per_minute").asInt()).isEqualTo(7);
    assertThat(rotated.json().get("provider_keys")).isEqualTo(made.json().get("provider_keys"));
    JsonNode previous = rotated.json().get("previous_token");
    assertThat(previous.get("display_name").asString()).isEqualTo(made.text("display_name"));
    assertThat(previous.get("expires_at").asString())
        .isEqualTo(Json.time(control.now.plus(Duration.ofHours(24))));
    assertThat(previous.get("last_used").isNull()).isTrue();
    Answered shown = control.get(KEYS + "/" + made.text("id"));
    assertThat(shown.json().get("previous_token")).isEqualTo(previous);
    assertThat(shown.json().has("token")).isFalse();
    assertThat(made.json().get("previous_token").isNull()).isTrue();
  }

  @Test
  void aKeyHasTwoTokensAtMost() {
    Answered made = key();
    rotate(made.text("id"), "24h");
    rotate(made.text("id"), "7d");
    assertThat(tokensInGrace(made.text("id"))).isEqualTo(1);
    assertThat(control.delete(KEYS + "/" + made.text("id")).status()).isEqualTo(204);
    assertThat(tokensInGrace(made.text("id"))).isZero();
    List<RetiredTokenRow> all =
        control.stored(tables -> tables.retiredTokens().of(made.text("id")));
    assertThat(all).hasSize(3);
  }

  private long tokensInGrace(String id) {
    return control.stored(tables -> tables.retiredTokens().inGrace(control.now)).stream()
        .filter(token -> token.gatewayKeyId().equals(id))
        .count();
  }

  @Test
  void aGraceIsCutShort() {
    String id = key().text("id");
    rotate(id, "30m");
    Answered ended = control.post(KEYS + "/" + id + "/end_grace", "");
    assertThat(ended.status()).isEqualTo(200);
    assertThat(ended.json().has("token")).isFalse();
    assertThat(tokensInGrace(id)).isZero();
    assertThat(control.audit(1).getFirst().action()).isEqualTo("end_grace");
    assertThat(rotate(id, "0s").status()).isEqualTo(200);
    assertThat(tokensInGrace(id)).isZero();
  }

  @Test
  void theTokenOfADisabledKeyGetsNoGrace() {
    Answered made = key();
    report(made.text("token"));
    Answered rotated = rotate(made.text("id"), "24h");
    assertThat(rotated.status()).isEqualTo(200);
    assertThat(rotated.json().at("/previous_token/expires_at").asString())
        .isEqualTo(Json.time(control.now));
    control.patch(KEYS + "/" + made.text("id"), "{\"disabled\":false}");
    assertThat(tokensInGrace(made.text("id"))).isZero();
    assertRefused(rotate(made.text("id"), "31d"), 400, "ERR_NGROK_215");
  }

  @Test
  void aRepeatedRotationHappensOnceAndShowsNoToken() {
    String id = key().text("id");
    Answered first = rotate(id, "1h", "Idempotency-Key", "rotation-1");
    Answered again = rotate(id, "1h", "Idempotency-Key", "rotation-1");
    assertThat(first.json().has("token")).isTrue();
    assertThat(again.json().has("token")).isFalse();
    assertThat(again.text("display_name")).isEqualTo(first.text("display_name"));
    assertThat(again.raw().headers().firstValue("idempotent-replayed")).contains("true");
    assertThat(control.get(KEYS + "/" + id).text("display_name"))
        .isEqualTo(first.text("display_name"));
    assertRefused(
        rotate(id, "2h", "Idempotency-Key", "rotation-1"),
        422,
        "ERR_KEYGATE_IDEMPOTENCY_KEY_REUSED");
  }

  @Test
  void aRotationIsAuditedWithoutTokens() {
    Answered made = key();
    Answered rotated = rotate(made.text("id"), "1h");
    AuditRow row = control.audit(1).getFirst();
    assertThat(row.action()).isEqualTo("rotate");
    assertThat(row.resourceId()).isEqualTo(made.text("id"));
    assertThat(row.before()).contains(made.text("display_name"));
    assertThat(row.after()).contains(rotated.text("display_name"), made.text("display_name"));
    assertThat(row.toString()).doesNotContain(made.text("token"), rotated.text("token"));
  }

  @Test
  void wrongRotationsAreRefused() {
    String id = key().text("id");
    for (String grace : List.of("", "1", "-1h", "31d", "999999999d", "1w")) {
      assertRefused(rotate(id, grace), 400, "ERR_NGROK_215");
    }
    assertRefused(rotate("aigk_none", "1h"), 404, "ERR_KEYGATE_NOT_FOUND");
    assertRefused(control.get(KEYS + "/" + id + "/rotate"), 405, "ERR_KEYGATE_METHOD_NOT_ALLOWED");
    assertRefused(control.post(KEYS + "/" + id + "/turn", "{}"), 404, "ERR_KEYGATE_NOT_FOUND");
    assertRefused(control.post(KEYS + "/" + id + "/rotate/x", "{}"), 404, "ERR_KEYGATE_NOT_FOUND");
    assertRefused(control.post(KEYS + "//rotate", "{}"), 404, "ERR_KEYGATE_NOT_FOUND");
    assertThat(control.post(KEYS + "/" + id + "/rotate", "").status()).isEqualTo(200);
  }

  private Answered report(String... tokens) {
    ArrayNode list = RunningControl.JSON.createArrayNode();
    List.of(tokens).forEach(list::add);
    return control.post("/leaks", "{\"tokens\":" + list + "}");
  }

  @Test
  void leakedTokensArePutOutOfUse() {
    Answered own = key();
    Answered rotated = key();
    rotate(rotated.text("id"), "1h");
    Answered deleted = key();
    control.delete(KEYS + "/" + deleted.text("id"));
    String management = control.managementKey(Role.EDITOR);
    String foreign = KeyToken.generate(new SecureRandom()).reveal();

    Answered done =
        report(
            own.text("token"),
            rotated.text("token"),
            deleted.text("token"),
            " " + management + "\n",
            foreign,
            "password",
            own.text("token"));
    assertThat(done.status()).isEqualTo(200);
    assertThat(done.json().get("results").valueStream().map(one -> one.get("outcome").asString()))
        .containsExactly(
            "disabled",
            "retired",
            "already_retired",
            "deleted",
            "unknown",
            "not_a_token",
            "already_disabled");
    assertThat(done.json().at("/results/0/id").asString()).isEqualTo(own.text("id"));
    assertThat(done.raw().body())
        .doesNotContain(own.text("token"), rotated.text("token"), management, foreign);
    assertThat(control.get(KEYS + "/" + own.text("id")).json().get("disabled").asBoolean())
        .isTrue();
    assertThat(control.get(KEYS + "/" + rotated.text("id")).json().get("disabled").asBoolean())
        .isFalse();
    assertThat(control.callAs(management, "GET", KEYS, "").status()).isEqualTo(401);
    assertThat(control.audit(3)).extracting(AuditRow::action).containsOnly("leak");
    assertThat(control.audit(3).toString()).doesNotContain(own.text("token"), management);
  }

  @Test
  void theLastAdminIsNamedAndStays() {
    Answered done = report(control.admin);
    assertThat(done.json().at("/results/0/outcome").asString()).isEqualTo("last_admin");
    assertThat(control.get(KEYS).status()).isEqualTo(200);
  }

  @Test
  void reportsAreBounded() {
    assertRefused(
        report(java.util.Collections.nCopies(101, "x").toArray(String[]::new)),
        400,
        "ERR_NGROK_215");
    assertRefused(report("x".repeat(257)), 400, "ERR_NGROK_215");
    assertRefused(control.post("/leaks", "{}"), 400, "ERR_NGROK_215");
  }

  @Test
  void retiredTokensAreListedAndFiltered() {
    Answered deleted = key();
    control.delete(KEYS + "/" + deleted.text("id"));
    String filter =
        RunningControl.encoded(
            "obj.ai_gateway_api_key.id == '"
                + deleted.text("id")
                + "' && obj.refusals == 0"
                + " && obj.retired_at <= timestamp(time.now)");
    JsonNode listed = control.get("/retired_tokens?filter=" + filter).json().get("retired_tokens");
    assertThat(listed.size()).isOne();
    assertThat(listed.get(0).get("display_name").asString())
        .isEqualTo(deleted.text("display_name"));
    String id = listed.get(0).get("id").asString();
    assertThat(control.get("/retired_tokens/" + id).text("id")).isEqualTo(id);
    assertRefused(control.delete("/retired_tokens/" + id), 405, "ERR_KEYGATE_METHOD_NOT_ALLOWED");
  }

  @Test
  void theSecretsOfOneVaultAreListedAndMadeInIt() {
    String one = control.post("/vaults", body("name", "one")).text("id");
    String two = control.post("/vaults", body("name", "two")).text("id");
    for (String name : List.of("a", "b", "c")) {
      assertThat(
              control
                  .post("/vaults/" + one + "/secrets", body("name", name, "value", "x"))
                  .status())
          .isEqualTo(201);
    }
    control.post("/vault_secrets", body("vault_id", two, "name", "other", "value", "x"));
    Answered page = control.get("/vaults/" + one + "/secrets?limit=2");
    assertThat(
            page.json().get("secrets").valueStream().map(secret -> secret.get("name").asString()))
        .containsExactly("c", "b");
    String next = page.text("next_page_uri");
    assertThat(next).contains("/vaults/" + one + "/secrets?");
    Answered last = control.get(next.substring(next.indexOf("/vaults")));
    assertThat(
            last.json().get("secrets").valueStream().map(secret -> secret.get("name").asString()))
        .containsExactly("a");
    assertRefused(control.get("/vaults/vault_none/secrets"), 404, "ERR_KEYGATE_NOT_FOUND");
    assertRefused(
        control.post("/vaults/none/secrets", body("name", "x", "value", "x")),
        404,
        "ERR_KEYGATE_NOT_FOUND");
  }
}
