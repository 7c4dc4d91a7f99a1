package dev.keygate.control;

import static dev.keygate.control.RunningControl.body;
import static dev.keygate.control.RunningControl.encoded;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.keygate.control.RunningControl.Answered;
import dev.keygate.store.AuditRow;
import dev.keygate.store.StoreSettings;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** What the control API does on every database; subclasses say on which. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ControlContract {
  private static final String KEYS = "/ai_gateway_api_keys";
  private static final String PROVIDER_KEYS = "/ai_gateway_provider_keys";
  private static final String SECRET = "sk-canary-4e1b7a9d2c5f8036";

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

  @Test
  void aGatewayKeyIsMadeShownChangedAndDeleted() {
    Answered made = control.post(KEYS, body("endpoint_id", endpoint, "description", "web"));
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.text("token")).matches("ng-\\w{16}-g1-\\w{38}");
    String path = KEYS + "/" + made.text("id");

    Answered shown = control.get(path);
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.text("description")).isEqualTo("web");
    assertThat(shown.json().has("token")).isFalse();
    assertThat(shown.text("display_name")).startsWith("ng-").contains("***");

    Answered changed = control.patch(path, body("metadata", "{\"team\":\"a\"}"));
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.text("description")).isEqualTo("web");
    assertThat(changed.text("metadata")).isEqualTo("{\"team\":\"a\"}");

    assertThat(control.delete(path).status()).isEqualTo(204);
    assertThat(control.get(path).code()).isEqualTo("ERR_KEYGATE_NOT_FOUND");
    assertThat(control.patch(path, "{}").status()).isEqualTo(404);
    assertThat(control.delete(path).status()).isEqualTo(404);
  }

  @Test
  void aKeyExpiresWhenItIsToldToAndNeverAgain() {
    String path = KEYS + "/" + control.gatewayKey(endpoint, "");
    Answered set = control.patch(path, body("expires_at", "2027-01-31T12:00:00+02:00"));
    assertThat(set.text("expires_at")).isEqualTo("2027-01-31T10:00:00Z");
    Answered unset = control.patch(path, "{\"expires_at\":null,\"disabled\":true}");
    assertThat(unset.json().get("expires_at").isNull()).isTrue();
    assertThat(unset.json().get("disabled").asBoolean()).isTrue();
    assertThat(control.patch(path, body("expires_at", "tomorrow")).message())
        .startsWith("expires_at: expected an RFC 3339 time");
  }

  @Test
  void aKeyMovesToAnotherEndpointThatTakesKeys() {
    String path = KEYS + "/" + control.gatewayKey(endpoint, "mover");
    String other = control.endpoint("https://other.example.com");
    Answered moved = control.patch(path, body("endpoint_id", other));
    assertThat(moved.json().at("/endpoint/id").asString()).isEqualTo(other);
    assertThat(control.patch(path, body("endpoint_id", "ep_none")).code())
        .isEqualTo("ERR_NGROK_27002");
    assertThat(control.get(path).json().at("/endpoint/id").asString()).isEqualTo(other);
  }

  @Test
  void everyValidationCodeOfGatewayKeysIsTold() {
    String plain =
        control
            .post("/endpoints", body("url", "https://plain.example.com", "traffic_policy", "{}"))
            .text("id");
    assertRefused(control.post(KEYS, body("endpoint_id", "ep_none")), 404, "ERR_NGROK_27002");
    assertRefused(control.post(KEYS, body("endpoint_id", plain)), 422, "ERR_NGROK_27003");
    assertRefused(
        control.post(KEYS, body("endpoint_id", endpoint, "description", "ü".repeat(256))),
        422,
        "ERR_NGROK_27004");
    assertRefused(
        control.post(KEYS, body("endpoint_id", endpoint, "metadata", "x".repeat(4097))),
        422,
        "ERR_NGROK_27005");
    assertRefused(control.post(KEYS, "{}"), 422, "ERR_NGROK_27006");
    String path = KEYS + "/" + control.gatewayKey(endpoint, "");
    assertRefused(
        control.patch(path, body("description", "x".repeat(256))), 422, "ERR_NGROK_27004");
    assertRefused(control.patch(path, body("metadata", "x".repeat(4097))), 422, "ERR_NGROK_27005");
  }

  @Test
  void lengthsAreCountedInCharacters() {
    String path = KEYS + "/" + control.gatewayKey(endpoint, "🔑".repeat(255));
    assertThat(control.get(path).text("description")).isEqualTo("🔑".repeat(255));
    assertThat(control.patch(path, body("metadata", "é".repeat(4096))).status()).isEqualTo(200);
    assertThat(control.patch(path, body("description", "🔑".repeat(256))).message())
        .isEqualTo("description: 256 characters, expected at most 255");
  }

  @Test
  void everyValidationCodeOfProviderKeysIsTold() {
    assertRefused(providerKey("description", "x".repeat(256)), 422, "ERR_NGROK_27502");
    assertRefused(providerKey("metadata", "x".repeat(4097)), 422, "ERR_NGROK_27503");
    assertRefused(providerKey("value", ""), 422, "ERR_NGROK_27507");
    assertRefused(
        control.post(PROVIDER_KEYS, body("provider_id", "openai")), 422, "ERR_NGROK_27507");
    assertRefused(providerKey("provider_id", "nobody"), 422, "ERR_NGROK_27508");
    assertRefused(providerKey("ai_gateway_api_key_id", "aigk_no"), 404, "ERR_NGROK_27509");
    assertRefused(control.post(PROVIDER_KEYS, body("value", SECRET)), 422, "ERR_NGROK_27510");
    assertThat(providerKey("value", SECRET + "\n" + SECRET).message())
        .contains("visible ASCII")
        .doesNotContain("canary");
  }

  @Test
  void withoutAMasterKeyNothingSecretIsStoredAndTheRestIs() {
    control.hasMasterKey = false;
    Answered refused = providerKey("description", "not sealed");
    assertRefused(refused, 503, "ERR_KEYGATE_NO_MASTER_KEY");
    assertThat(refused.message()).contains("master key").contains("master-key: is missing");
    assertThat(control.get(PROVIDER_KEYS).json().toString()).doesNotContain("not sealed");
    assertThat(control.get(KEYS + "/" + control.gatewayKey(endpoint, "plain")).status())
        .isEqualTo(200);

    control.hasMasterKey = true;
    assertThat(providerKey("description", "sealed").status()).isEqualTo(201);
  }

  @Test
  void aGatewayKeyHasAtMostFifteenKeysOfAProvider() {
    String id = control.gatewayKey(endpoint, "full");
    for (int i = 0; i < 15; i++) {
      assertThat(providerKey("ai_gateway_api_key_id", id).status()).isEqualTo(201);
    }
    assertRefused(providerKey("ai_gateway_api_key_id", id), 422, "ERR_NGROK_27506");
    assertThat(
            control
                .post(
                    PROVIDER_KEYS,
                    body("provider_id", "anthropic", "value", SECRET, "ai_gateway_api_key_id", id))
                .status())
        .isEqualTo(201);
    assertThat(control.get(KEYS + "/" + id).json().get("provider_keys").size()).isEqualTo(16);
  }

  /** A provider key like others, but for one field. */
  private Answered providerKey(String field, String value) {
    var object = RunningControl.JSON.createObjectNode();
    object.put("provider_id", "openai").put("value", SECRET).put(field, value);
    return control.post(PROVIDER_KEYS, object.toString());
  }

  @Test
  void whatGoesWithAKeyIsInTheAuditLogToo() {
    Answered made =
        control.post(
            KEYS,
            """
            {"endpoint_id": "%s",
             "provider_keys": [{"provider_id": "openai", "value": "%s"}]}\
            """
                .formatted(endpoint, SECRET));
    String key = made.text("id");
    String attached = made.json().at("/provider_keys/0/id").asString();
    assertThat(control.audit(2))
        .extracting(AuditRow::action, AuditRow::resource, AuditRow::resourceId)
        .containsExactly(
            tuple("create", "ai_gateway_api_keys", key),
            tuple("create", "ai_gateway_provider_keys", attached));
    assertThat(control.audit(1).getFirst().after()).contains(attached);

    control.patch(KEYS + "/" + key, body("description", "renamed"));
    AuditRow update = control.audit(1).getFirst();
    assertThat(update.action()).isEqualTo("update");
    assertThat(update.before()).contains("\"description\":\"\"");
    assertThat(update.after()).contains("\"description\":\"renamed\"");
    assertThat(update.actor()).startsWith("ak_");

    control.delete(KEYS + "/" + key);
    assertThat(control.audit(2))
        .extracting(AuditRow::action, AuditRow::resourceId, AuditRow::after)
        .containsExactly(tuple("delete", key, ""), tuple("delete", attached, ""));
    assertThat(control.audit(1000))
        .allSatisfy(row ->
            assertThat(row.before() + row.after())
                .doesNotContain(SECRET, made.text("token"), "127.0.0.1", "http://127"));
    assertThat(control.get(PROVIDER_KEYS + "/" + attached).status()).isEqualTo(404);
  }

  @Test
  void aRefusedChangeLeavesNothingBehind() {
    int before = control.audit(10_000).size();
    Answered refused =
        control.post(
            KEYS,
            """
            {"endpoint_id": "%s", "description": "half",
             "provider_keys": [{"provider_id": "openai", "value": "%s"},
                               {"provider_id": "nobody", "value": "%s"}]}\
            """
                .formatted(endpoint, SECRET, SECRET));
    assertRefused(refused, 422, "ERR_NGROK_27508");
    assertThat(refused.json().at("/details/field").asString())
        .isEqualTo("provider_keys[1].provider_id");
    assertThat(control.audit(10_000)).hasSize(before);
    assertThat(list(KEYS, "filter", "obj.description == 'half'")).isEmpty();
  }

  @Test
  void aRepeatIsGivenTheFirstAnswerWithoutTheToken() {
    String body = body("endpoint_id", endpoint, "description", "once");
    Answered first = control.post(KEYS, body, "Idempotency-Key", "a-1");
    Answered second = control.post(KEYS, body, "Idempotency-Key", "a-1", "X-Other", "1");
    assertThat(first.status()).isEqualTo(201);
    assertThat(second.status()).isEqualTo(201);
    assertThat(second.text("id")).isEqualTo(first.text("id"));
    assertThat(second.text("uri")).isEqualTo(first.text("uri")).startsWith("http://127.0.0.1:");
    assertThat(first.json().has("token")).isTrue();
    assertThat(second.json().has("token")).isFalse();
    assertThat(second.raw().headers().firstValue("idempotent-replayed")).contains("true");
    assertThat(list(KEYS, "filter", "obj.description == 'once'")).hasSize(1);

    Answered other = control.post(KEYS, body("endpoint_id", endpoint), "Idempotency-Key", "a-1");
    assertRefused(other, 422, "ERR_KEYGATE_IDEMPOTENCY_KEY_REUSED");
    Answered elsewhere = control.post("/api_keys", body, "Idempotency-Key", "a-1");
    assertThat(elsewhere.status()).isEqualTo(400);
    String another = control.managementKey(Role.ADMIN);
    Answered notTheirs = control.callAs(another, "POST", KEYS, body, "Idempotency-Key", "a-1");
    assertThat(notTheirs.text("id")).isNotEqualTo(first.text("id"));
  }

  @Test
  void aRefusedCallDoesNotUseUpItsIdempotencyKey() {
    assertThat(control.post(KEYS, body("endpoint_id", "ep_no"), "Idempotency-Key", "b-1").status())
        .isEqualTo(404);
    assertThat(control.post(KEYS, body("endpoint_id", endpoint), "Idempotency-Key", "b-1").status())
        .isEqualTo(201);
  }

  @Test
  void anIdempotencyKeyIsForgottenAfterADay() {
    String body = body("endpoint_id", endpoint, "description", "daily");
    String first = control.post(KEYS, body, "Idempotency-Key", "c-1").text("id");
    control.now = control.now.plusSeconds(24 * 3600 + 1);
    assertThat(control.post(KEYS, body, "Idempotency-Key", "c-1").text("id")).isNotEqualTo(first);
  }

  @Test
  void nothingIsKeptForARepeatWhenTheChangeFails() {
    Answered refused = control.post(KEYS, body("endpoint_id", "ep_no"), "Idempotency-Key", "d-1");
    assertThat(refused.status()).isEqualTo(404);
    assertThat(idempotencyRows("d-1")).isZero();
    control.post(KEYS, body("endpoint_id", endpoint), "Idempotency-Key", "d-2");
    assertThat(idempotencyRows("d-2")).isOne();
  }

  private long idempotencyRows(String key) {
    return control.stored(tables -> {
      List<String> actors = new ArrayList<>();
      tables.managementKeys().forEach(row -> actors.add(row.id()));
      return actors.stream()
          .flatMap(actor -> tables.idempotency().find(actor, key).stream())
          .peek(row ->
              assertThat(row.body())
                  .doesNotContain("http://", "\"token\":\"", "\"token\" :", "-g1-", "kgm_"))
          .count();
    });
  }

  /** A short secret could be found by trying, were the body's hash one that anybody can compute. */
  @Test
  void whatIsKeptForARepeatDoesNotLetASecretBeGuessed() throws Exception {
    String body = body("name", "pins", "description", "1234");
    assertThat(control.post("/vaults", body, "Idempotency-Key", "g-1").status()).isEqualTo(201);
    byte[] guess =
        MessageDigest.getInstance("SHA-256").digest(("POST /vaults\n" + body).getBytes(UTF_8));
    List<String> kept =
        control.stored(tables -> {
          List<String> hashes = new ArrayList<>();
          tables
              .managementKeys()
              .forEach(row ->
                  tables
                      .idempotency()
                      .find(row.id(), "g-1")
                      .ifPresent(found -> hashes.add(found.requestHash())));
          return hashes;
        });
    assertThat(kept).hasSize(1).doesNotContain(HexFormat.of().formatHex(guess));
  }

  @Test
  void repeatsThatComeTogetherMakeOneKey() throws Exception {
    String body = body("endpoint_id", endpoint, "description", "race");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Answered> call = () -> control.post(KEYS, body, "Idempotency-Key", "e-1");
      List<Future<Answered>> answers = threads.invokeAll(Collections.nCopies(8, call));
      List<String> ids = new ArrayList<>();
      int tokens = 0;
      for (Future<Answered> answer : answers) {
        assertThat(answer.get().status()).isEqualTo(201);
        ids.add(answer.get().text("id"));
        tokens += answer.get().json().has("token") ? 1 : 0;
      }
      assertThat(ids).containsOnly(ids.getFirst());
      assertThat(tokens).isOne();
    }
  }

  @Test
  void pagesLeadThroughTheWholeListAndEnd() {
    String home = control.endpoint("https://pages.example.com");
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.addFirst(control.gatewayKey(home, "page"));
    }
    String filter = "obj.endpoint.id == '" + home + "'";
    for (int limit : new int[] {1, 2, 5, 6}) {
      List<String> seen = new ArrayList<>();
      String next = KEYS + "?limit=" + limit + "&filter=" + encoded(filter);
      while (!next.isEmpty()) {
        Answered page = control.get(next);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text("uri")).isEqualTo("http://127.0.0.1:" + control.port + next);
        page.json().get("ai_gateway_api_keys").forEach(key -> seen.add(key.get("id").asString()));
        String link = page.text("next_page_uri");
        assertThat(link.isEmpty() || !page.json().get("ai_gateway_api_keys").isEmpty()).isTrue();
        next = link.replace("http://127.0.0.1:" + control.port, "");
        assertThat(next)
            .satisfiesAnyOf(
                n -> assertThat(n).isEmpty(),
                n -> assertThat(n).contains("before_id=", "limit=" + limit, "filter="));
      }
      assertThat(seen).isEqualTo(made);
    }
  }

  @Test
  void anUnfilteredListIsCutWhereItWasAskedTo() {
    control.gatewayKey(endpoint, "");
    control.gatewayKey(endpoint, "");
    Answered page = control.get(KEYS + "?limit=1");
    assertThat(page.json().get("ai_gateway_api_keys").size()).isOne();
    assertThat(page.text("next_page_uri")).contains("before_id=aigk_").contains("limit=1");
    Answered all = control.get("/endpoints");
    assertThat(all.json().get("next_page_uri").isNull()).isTrue();
    assertThat(all.text("uri")).endsWith("/endpoints");
    assertThat(control.get("/api_keys").json().get("keys").isArray()).isTrue();
  }

  @Test
  void wrongPagingIsRefused() {
    for (String limit : new String[] {"0", "101", "-1", "many", "1e2", "99999999999999"}) {
      assertRefused(control.get(KEYS + "?limit=" + limit), 400, "ERR_NGROK_233");
    }
    for (String before : new String[] {"aigk_1", "ep_" + "0".repeat(27), "'"}) {
      assertRefused(control.get(KEYS + "?before_id=" + before), 400, "ERR_NGROK_227");
    }
    assertRefused(control.get(KEYS + "?limt=1"), 400, "ERR_NGROK_231");
    assertThat(control.get(KEYS + "?limt=1").message()).contains("'limit'");
    assertRefused(control.get(KEYS + "?limit=1&limit=2"), 400, "ERR_NGROK_232");
    assertRefused(
        control.get(KEYS + "/" + control.gatewayKey(endpoint, "") + "?limit=1"),
        400,
        "ERR_NGROK_231");
  }

  @Test
  void filtersCompareMoments() {
    String home = control.endpoint("https://filters.example.com");
    control.gatewayKey(home, "early");
    control.now = control.now.plusSeconds(3600);
    String late = control.gatewayKey(home, "late");
    String here = "obj.endpoint.id == '" + home + "' && ";
    String moment = control.now.minusSeconds(60).toString();
    assertThat(list(KEYS, "filter", here + "obj.created_at > timestamp('" + moment + "')"))
        .containsExactly(late);
    assertThat(list(KEYS, "filter", here + "obj.created_at > timestamp(time.now).subtract('30m')"))
        .containsExactly(late);
    assertThat(list(KEYS, "filter", here + "obj.created_at < time.now")).hasSize(1);
    assertThat(list(KEYS, "filter", here + "obj.last_used == null")).hasSize(2);
    assertThat(list(KEYS, "filter", here + "obj.last_used > time.now")).isEmpty();
    assertThat(list(KEYS, "filter", here + "obj.description in ['late', 'x']"))
        .containsExactly(late);
    assertRefused(
        control.get(KEYS + "?filter=" + encoded("obj.descripton == 'x'")),
        400,
        "ERR_KEYGATE_INVALID_FILTER");
  }

  private List<String> list(String path, String name, String value) {
    Answered page = control.get(path + "?" + name + "=" + encoded(value));
    assertThat(page.json().has("error_code")).as(page.json().toString()).isFalse();
    List<String> ids = new ArrayList<>();
    page.json().get(path.substring(1)).forEach(object -> ids.add(object.get("id").asString()));
    return ids;
  }

  @Test
  void twoEndpointsNeverAnswerForTheSameHosts() {
    control.endpoint("https://unique.example.com");
    String wild = control.endpoint("https://*.unique.example.com");
    for (String same :
        new String[] {
          "https://unique.example.com",
          "https://UNIQUE.Example.com/",
          "https://unique.example.com:443",
          "http://unique.example.com",
          "https://*.unique.example.com:443"
        }) {
      Answered taken = control.post("/endpoints", body("url", same));
      assertRefused(taken, 409, "ERR_KEYGATE_URL_TAKEN");
      assertThat(taken.json().at("/details/endpoint_id").asString()).startsWith("ep_");
    }
    control.endpoint("https://unique.example.com:8443");
    assertThat(
            control
                .patch("/endpoints/" + wild, body("url", "https://*.unique.example.com:443"))
                .status())
        .isEqualTo(200);
    assertRefused(
        control.patch("/endpoints/" + wild, body("url", "https://unique.example.com")),
        409,
        "ERR_KEYGATE_URL_TAKEN");
    assertRefused(control.post("/endpoints", body("url", "unique")), 400, "ERR_NGROK_215");
  }

  @Test
  void anEndpointWithKeysStays() {
    String home = control.endpoint("https://stays.example.com");
    String key = control.gatewayKey(home, "");
    assertRefused(control.delete("/endpoints/" + home), 409, "ERR_KEYGATE_ENDPOINT_IN_USE");
    control.delete(KEYS + "/" + key);
    assertThat(control.delete("/endpoints/" + home).status()).isEqualTo(204);
  }

  @Test
  void aPolicyWithProblemsIsNotSaved() {
    Answered refused =
        control.post(
            "/endpoints", body("url", "https://p.example.com", "traffic_policy", "broken"));
    assertRefused(refused, 422, "ERR_NGROK_2201");
    assertThat(refused.message()).contains("line 1, column 1");
    assertRefused(
        control.patch("/endpoints/" + endpoint, body("traffic_policy", "broken")),
        422,
        "ERR_NGROK_2201");
  }

  @Test
  void textThatNoDatabaseHoldsIsRefusedByName() {
    String[] bodies = {
      "{\"endpoint_id\":\"%s\",\"description\":\"a\\u0000b\"}",
      "{\"endpoint_id\":\"%s\",\"metadata\":\"\\ud83d\"}",
      "{\"endpoint_id\":\"%s\\u0000\"}"
    };
    String[] fields = {"description", "metadata", "endpoint_id"};
    for (int i = 0; i < bodies.length; i++) {
      Answered refused = control.post(KEYS, bodies[i].formatted(endpoint));
      assertRefused(refused, 400, "ERR_NGROK_215");
      assertThat(refused.json().at("/details/field").asString()).isEqualTo(fields[i]);
    }
    assertThat(
            control
                .post(
                    "/endpoints",
                    "{\"url\":\"https://nul.example.com\",\"bindings\":[\"a\\u0000\"]}")
                .message())
        .startsWith("bindings[0]: ");
    assertThat(control.get(KEYS + "/%00").status()).isEqualTo(404);
    assertThat(control.delete("/endpoints/ep_%00").status()).isEqualTo(404);
    for (String query :
        List.of(
            KEYS + "?search=%00",
            KEYS + "?before_id=%00",
            KEYS + "?filter=obj.id+==+'%00'",
            "/usage?model=a%00b")) {
      assertRefused(control.get(query), 400, "ERR_NGROK_230");
    }
  }

  @Test
  void managementKeysHaveTheLeastRoleUnlessTold() {
    Answered plain = control.post("/api_keys", body("description", "ci"));
    assertThat(plain.text("role")).isEqualTo("editor");
    assertThat(plain.text("token")).startsWith("kgm_");
    assertThat(control.callAs(plain.text("token"), "GET", "/endpoints", "").status())
        .isEqualTo(200);
    String path = "/api_keys/" + plain.text("id");
    assertThat(control.get(path).json().path("token").isNull()).isTrue();
    assertThat(control.patch(path, body("role", "viewer")).text("role")).isEqualTo("viewer");
    assertThat(control.callAs(plain.text("token"), "POST", KEYS, "{}").code())
        .isEqualTo("ERR_KEYGATE_ROLE");
    assertThat(control.delete(path).status()).isEqualTo(204);
    assertThat(control.callAs(plain.text("token"), "GET", "/endpoints", "").code())
        .isEqualTo("ERR_NGROK_203");
    assertRefused(control.post("/api_keys", body("role", "owner")), 400, "ERR_NGROK_215");
  }

  @Test
  void storedRowsHoldNoCredential() {
    Answered made = control.post("/api_keys", "{}", "Idempotency-Key", "f-1");
    providerKey("description", "");
    control.stored(tables -> {
      tables
          .providerKeys()
          .forEach(
              row -> assertThat(new String(row.sealedValue(), ISO_8859_1)).doesNotContain(SECRET));
      return true;
    });
    assertThat(control.audit(10_000))
        .noneMatch(row -> (row.before() + row.after()).contains(made.text("token")));
    assertThat(idempotencyRows("f-1")).isOne();
  }

  static void assertRefused(Answered answered, int status, String code) {
    assertThat(answered.code()).as(answered.json().toString()).isEqualTo(code);
    assertThat(answered.status()).isEqualTo(status);
    assertThat(answered.json().get("status_code").asInt()).isEqualTo(status);
    JsonNode details = answered.json().get("details");
    assertThat(details.get("operation_id").asString()).startsWith("op_");
    details.forEach(detail -> assertThat(detail.isString()).isTrue());
    assertThat(answered.message()).isNotBlank().doesNotContainPattern("[.?!;:,]\\s*[.;,!]");
  }
}
