package dev.keygate.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.assertj.core.api.AbstractStringAssert;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store does; subclasses say on which database. */
abstract class StoreContract {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");
  private static final byte[] HASH = new byte[32];

  SqlStore store;

  private StoreSettings settings;

  abstract StoreSettings emptyDatabase() throws Exception;

  /** The same database, around the store. */
  abstract DataSource database() throws Exception;

  abstract Dialect dialect();

  @BeforeEach
  void open() throws Exception {
    settings = emptyDatabase();
    store = SqlStore.open(settings);
    write(tables -> tables.endpoints().insert(endpoint("ep_1")));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void rowsComeBackAsTheyWereStored() {
    GatewayKeyRow full = gatewayKey("aigk_1", NOW.plusSeconds(60), NOW);
    GatewayKeyRow sparse = gatewayKey("aigk_2", null, null);
    ProviderKeyRow attached = providerKey("aigpk_1", "aigk_1");
    ProviderKeyRow managed = providerKey("aigpk_2", null);
    ManagementKeyRow management =
        new ManagementKeyRow("ak_1", NOW, NOW, "keygate", HASH, "admin", "Ünïcode 🔑", "{}");
    write(tables -> {
      tables.gatewayKeys().insert(full);
      tables.gatewayKeys().insert(sparse);
      tables.providerKeys().insert(attached);
      tables.providerKeys().insert(managed);
      tables.managementKeys().insert(management);
    });

    store.read(tables -> {
      assertThat(tables.endpoints().find("ep_1")).contains(endpoint("ep_1"));
      assertSame(tables.gatewayKeys().find("aigk_1").orElseThrow(), full);
      assertSame(tables.gatewayKeys().find("aigk_2").orElseThrow(), sparse);
      assertSame(tables.providerKeys().find("aigpk_1").orElseThrow(), attached);
      assertSame(tables.providerKeys().find("aigpk_2").orElseThrow(), managed);
      assertSame(tables.managementKeys().find("ak_1").orElseThrow(), management);
      return assertThat(tables.gatewayKeys().find("aigk_3")).isEmpty();
    });
  }

  @Test
  void whatPoliciesReadComesBackAsItWasStored() {
    VaultRow vault = new VaultRow("vault_1", NOW, NOW, "ak_1", "ak_2", "gateway", "d", "{}");
    SecretRow secret =
        new SecretRow("secret_1", NOW, NOW, "ak_1", "ak_2", "vault_1", "token", HASH, "d", "{}");
    IpPolicyRow policy = new IpPolicyRow("ipp_1", NOW, NOW, "office", "");
    IpPolicyRuleRow rule =
        new IpPolicyRuleRow("ipr_1", NOW, NOW, "ipp_1", "10.0.0.0/8", "allow", "", "");
    write(tables -> {
      tables.vaults().insert(vault);
      tables.secrets().insert(secret);
      tables.ipPolicies().insert(policy);
      tables.ipPolicyRules().insert(rule);
    });

    store.read(tables -> {
      assertThat(tables.vaults().find("vault_1")).contains(vault);
      assertSame(tables.secrets().of("vault_1").getFirst(), secret);
      assertThat(tables.secrets().of("vault_2")).isEmpty();
      assertThat(tables.ipPolicies().find("ipp_1")).contains(policy);
      assertThat(tables.ipPolicyRules().of("ipp_1")).containsExactly(rule);
      return assertThat(tables.changes().since(0, 100).stream().map(ChangeRow::resource))
          .endsWith(
              ChangeRow.VAULT, ChangeRow.SECRET, ChangeRow.IP_POLICY, ChangeRow.IP_POLICY_RULE);
    });
    assertThatThrownBy(() -> write(tables -> tables.vaults().delete("vault_1")))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> write(tables -> tables.ipPolicies().delete("ipp_1")))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void aManagementKeyIsFoundByTheHashOfItsToken() {
    byte[] other = HASH.clone();
    other[31] = 1;
    write(tables -> {
      tables.managementKeys().insert(managementKey("ak_1", HASH, "admin"));
      tables.managementKeys().insert(managementKey("ak_2", other, "viewer"));
    });

    store.read(tables -> {
      ManagementKeyTable keys = tables.managementKeys();
      assertThat(keys.findByHash(other).orElseThrow().id()).isEqualTo("ak_2");
      assertThat(keys.findByHash(new byte[] {1})).isEmpty();
      assertThat(keys.countOfRole("admin")).isOne();
      return assertThat(keys.countOfRole("editor")).isZero();
    });
  }

  private static ManagementKeyRow managementKey(String id, byte[] hash, String role) {
    return new ManagementKeyRow(id, NOW, NOW, "keygate", hash, role, "", "");
  }

  @Test
  void pagesGoFromTheNewestToTheOldest() {
    write(tables ->
        IntStream.rangeClosed(1, 5)
            .forEach(i -> tables.gatewayKeys().insert(gatewayKey("aigk_" + i, null, null))));

    assertThat(pageOfKeys("", 2)).containsExactly("aigk_5", "aigk_4");
    assertThat(pageOfKeys("aigk_4", 2)).containsExactly("aigk_3", "aigk_2");
    assertThat(pageOfKeys("aigk_2", 2)).containsExactly("aigk_1");
    assertThat(pageOfKeys("aigk_1", 2)).isEmpty();
  }

  @Test
  void updateAndDeleteSayWhetherThereWasARow() {
    write(tables -> {
      assertThat(tables.gatewayKeys().update(gatewayKey("aigk_1", null, null))).isFalse();
      assertThat(tables.gatewayKeys().delete("aigk_1")).isFalse();
      tables.gatewayKeys().insert(gatewayKey("aigk_1", null, null));
      assertThat(tables.gatewayKeys().update(gatewayKey("aigk_1", NOW, null))).isTrue();
      assertThat(tables.gatewayKeys().find("aigk_1").orElseThrow().expiresAt()).isEqualTo(NOW);
      assertThat(tables.gatewayKeys().delete("aigk_1")).isTrue();
      assertThat(tables.gatewayKeys().find("aigk_1")).isEmpty();
    });
  }

  @Test
  void aFailedWriteLeavesNothingBehind() {
    assertThatThrownBy(() ->
            write(tables -> {
              tables.gatewayKeys().insert(gatewayKey("aigk_1", null, null));
              throw new IllegalStateException("changed my mind");
            }))
        .hasMessage("changed my mind");

    long count = store.read(tables -> tables.gatewayKeys().count());
    assertThat(count).isZero();
    assertThat(changes(0)).extracting(ChangeRow::id).containsExactly("ep_1");
  }

  @Test
  void whatTheDatabaseRefusesIsAStoreException() {
    write(tables -> tables.gatewayKeys().insert(gatewayKey("aigk_1", null, null)));
    assertThatThrownBy(
            () -> write(tables -> tables.gatewayKeys().insert(gatewayKey("aigk_1", null, null))))
        .isInstanceOf(StoreException.class);
    store.close();
    assertThatThrownBy(() -> store.read(tables -> tables.gatewayKeys().count()))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void deletingAGatewayKeyTakesItsProviderKeysAlong() {
    write(tables -> {
      tables.gatewayKeys().insert(gatewayKey("aigk_1", null, null));
      tables.providerKeys().insert(providerKey("aigpk_1", "aigk_1"));
      tables.providerKeys().insert(providerKey("aigpk_2", "aigk_1"));
      tables.providerKeys().insert(providerKey("aigpk_3", null));
    });
    assertThat(
            store.<List<ProviderKeyRow>>read(tables -> tables.providerKeys().attachedTo("aigk_1")))
        .extracting(ProviderKeyRow::id)
        .containsExactly("aigpk_2", "aigpk_1");
    long before = store.read(tables -> tables.changes().latest());

    write(tables -> tables.gatewayKeys().delete("aigk_1"));

    long left = store.read(tables -> tables.providerKeys().count());
    assertThat(left).isEqualTo(1);
    assertThat(changes(before))
        .extracting(ChangeRow::id)
        .containsExactlyInAnyOrder("aigpk_1", "aigpk_2", "aigk_1");
  }

  @Test
  void lastUsedOnlyMovesForwardAndIsNoChange() {
    write(tables -> tables.gatewayKeys().insert(gatewayKey("aigk_1", null, null)));
    long before = store.read(tables -> tables.changes().latest());

    write(tables -> tables.gatewayKeys().touch(Map.of("aigk_1", NOW, "aigk_gone", NOW)));
    write(tables -> tables.gatewayKeys().touch(Map.of("aigk_1", NOW.minusSeconds(1))));

    assertThat(
            store
                .<Optional<GatewayKeyRow>>read(tables -> tables.gatewayKeys().find("aigk_1"))
                .orElseThrow()
                .lastUsed())
        .isEqualTo(NOW);
    assertThat(changes(before)).isEmpty();
  }

  @Test
  void retiredTokensOutliveTheirKeyAndAreCounted() {
    RetiredTokenRow token = retiredToken("rt_1", "l1", NOW.plusSeconds(60));
    write(tables -> {
      tables.gatewayKeys().insert(gatewayKey("aigk_1", null, null));
      tables.retiredTokens().insert(token);
      tables.retiredTokens().insert(retiredToken("rt_2", "l2", NOW));
    });
    long before = store.read(tables -> tables.changes().latest());
    write(tables -> {
      tables.retiredTokens().touch(Map.of("l1", NOW, "gone", NOW));
      tables
          .retiredTokens()
          .refused(Map.of("l1", new RetiredTokenTable.Refused(3, NOW.plusSeconds(1))));
      tables.retiredTokens().refused(Map.of());
    });
    assertThat(changes(before)).isEmpty();
    write(tables -> {
      tables.gatewayKeys().delete("aigk_1");
      tables.retiredTokens().update(token.endingAt(NOW.plusSeconds(9)));
    });

    store.read(tables -> {
      assertThat(tables.retiredTokens().of("aigk_1"))
          .extracting(RetiredTokenRow::id)
          .containsExactly("rt_2", "rt_1");
      assertThat(tables.retiredTokens().inGrace(NOW))
          .extracting(RetiredTokenRow::id)
          .containsExactly("rt_1");
      assertThat(tables.retiredTokens().findByLookupId("none")).isEmpty();
      RetiredTokenRow stored = tables.retiredTokens().findByLookupId("l1").orElseThrow();
      assertThat(stored.expiresAt()).isEqualTo(NOW.plusSeconds(9));
      assertThat(stored.refusals()).isEqualTo(3);
      assertThat(stored.lastUsed()).isEqualTo(NOW);
      return assertThat(stored.lastRefused()).isEqualTo(NOW.plusSeconds(1));
    });
  }

  private static RetiredTokenRow retiredToken(String id, String lookupId, Instant expiresAt) {
    return new RetiredTokenRow(
        id, "aigk_1", lookupId, HASH, "ng-x***", NOW, expiresAt, null, 0, null);
  }

  @Test
  void auditEventsCannotBeChangedOrDeleted() {
    AuditRow row = new AuditRow("ae_1", NOW, "ak_1", "create", "endpoint", "ep_1", "", "{}");
    write(tables -> tables.audit().append(row));

    assertThat(store.<List<AuditRow>>read(tables -> tables.audit().page("", 10)))
        .containsExactly(row);
    for (String attack :
        List.of("update audit_events set actor = 'x'", "delete from audit_events")) {
      assertThatThrownBy(() -> execute(attack)).hasMessageContaining("audit events");
    }
  }

  @Test
  void anIdempotencyKeyIsTakenOnce() {
    IdempotencyRow first = new IdempotencyRow("ak_1", "once", "hash", 0, "", NOW);
    IdempotencyRow done = new IdempotencyRow("ak_1", "once", "hash", 201, "{}", NOW);
    write(tables -> {
      assertThat(tables.idempotency().insert(first)).isTrue();
      assertThat(tables.idempotency().insert(first)).isFalse();
      tables.idempotency().update(done);
    });
    assertThat(
            store.<Optional<IdempotencyRow>>read(
                tables -> tables.idempotency().find("ak_1", "once")))
        .contains(done);
    assertThat(
            store.<Optional<IdempotencyRow>>read(
                tables -> tables.idempotency().find("ak_2", "once")))
        .isEmpty();

    write(tables -> tables.idempotency().deleteBefore(NOW.plusMillis(1)));
    assertThat(
            store.<Optional<IdempotencyRow>>read(
                tables -> tables.idempotency().find("ak_1", "once")))
        .isEmpty();
  }

  @Test
  void everyRowIsStreamed() {
    write(tables ->
        IntStream.range(0, 2500)
            .forEach(i -> tables.gatewayKeys().insert(gatewayKey("aigk_" + i, null, null))));
    List<String> ids = new ArrayList<>();
    store.read(tables -> {
      tables.gatewayKeys().forEach(row -> ids.add(row.id()));
      return ids;
    });
    assertThat(ids).hasSize(2500).doesNotHaveDuplicates();
  }

  @Test
  void identifiersSortByTheirBytesWhateverTheServersLanguage() {
    List<String> sorted = List.of("aigk_0z", "aigk_Za", "aigk_aZ", "aigk_ab", "aigk_b0");
    write(tables -> sorted.forEach(id -> tables.gatewayKeys().insert(gatewayKey(id, null, null))));
    assertThat(pageOfKeys("", 10)).isEqualTo(sorted.reversed());
    assertThat(pageOfKeys("aigk_ab", 10)).containsExactly("aigk_aZ", "aigk_Za", "aigk_0z");
  }

  @Test
  void anUpdateFromARowReadEarlierDoesNotMoveLastUsedBack() {
    write(tables -> tables.gatewayKeys().insert(gatewayKey("aigk_1", null, null)));
    write(tables -> tables.gatewayKeys().touch(Map.of("aigk_1", NOW)));
    write(tables -> tables.gatewayKeys().update(gatewayKey("aigk_1", NOW, null)));
    GatewayKeyRow row = store.read(tables -> tables.gatewayKeys().find("aigk_1").orElseThrow());
    assertSame(row, gatewayKey("aigk_1", NOW, NOW));
  }

  @Test
  void keysAreFoundByWhatTheirTextsContain() {
    write(tables -> {
      tables.endpoints().insert(endpoint("ep_2"));
      tables.gatewayKeys().insert(described("aigk_1", "ep_1", "Production WEB app"));
      tables.gatewayKeys().insert(described("aigk_2", "ep_1", "50% of_it!"));
      tables.gatewayKeys().insert(described("aigk_3", "ep_2", "production cron"));
    });
    assertThat(found("", "PRODuction", "")).containsExactly("aigk_3", "aigk_1");
    assertThat(found("", "production", "aigk_3")).containsExactly("aigk_1");
    assertThat(found("ep_1", "production", "")).containsExactly("aigk_1");
    assertThat(found("ep_1", "", "")).containsExactly("aigk_2", "aigk_1");
    assertThat(found("", "0% of_it!", "")).containsExactly("aigk_2");
    assertThat(found("", "0%it!", "")).isEmpty();
    assertThat(found("", "f-it", "")).isEmpty();
    assertThat(found("", "IGK_2", "")).containsExactly("aigk_2");
    assertThat(found("", "' or ''='", "")).isEmpty();
  }

  @Test
  void theKeysOfAnEndpointAreCounted() {
    write(tables -> {
      tables.endpoints().insert(endpoint("ep_2"));
      tables.gatewayKeys().insert(described("aigk_1", "ep_1", ""));
      tables.gatewayKeys().insert(described("aigk_2", "ep_1", ""));
    });
    assertThat(countOfEndpoint("ep_1")).isEqualTo(2);
    assertThat(countOfEndpoint("ep_2")).isZero();
  }

  @Test
  void aReadSeesOneMomentWhileOthersWrite() {
    long sum =
        store.read(tables -> {
          long before = tables.gatewayKeys().count();
          write(others -> others.gatewayKeys().insert(gatewayKey("aigk_1", null, null)));
          return before + tables.gatewayKeys().count();
        });
    assertThat(sum).isZero();
    long after = store.read(tables -> tables.gatewayKeys().count());
    assertThat(after).isEqualTo(1);
  }

  @Test
  void aReadCannotWrite() {
    assertThatThrownBy(() -> store.read(tables -> tables.endpoints().delete("ep_1")))
        .isInstanceOf(StoreException.class);
    long count = store.read(tables -> tables.endpoints().count());
    assertThat(count).isEqualTo(1);
  }

  @Test
  void aRefusedRowIsNotRepeatedInWhatALogWouldShow() {
    GatewayKeyRow row = described("aigk_planted", "ep_1", "planted-description");
    write(tables -> tables.gatewayKeys().insert(row));
    assertThatThrownBy(() -> write(tables -> tables.gatewayKeys().insert(row)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("contradicts another")
        .satisfies(failure -> assertShows(failure).doesNotContain("planted"));
    assertThatThrownBy(
            () -> write(tables -> tables.providerKeys().insert(providerKey("p", "planted-parent"))))
        .isInstanceOf(StoreException.class)
        .satisfies(failure -> assertShows(failure).doesNotContain("planted"));
  }

  @Test
  void whatWasStoredIsThereAfterOpeningAgain() {
    write(tables -> tables.gatewayKeys().insert(gatewayKey("aigk_1", NOW, null)));
    long latest = store.read(tables -> tables.changes().latest());
    store.close();
    store = SqlStore.open(settings);
    assertThat(pageOfKeys("", 10)).containsExactly("aigk_1");
    long reopened = store.read(tables -> tables.changes().latest());
    assertThat(reopened).isEqualTo(latest);
  }

  @Test
  void aSchemaThatANewerKeygateMadeIsRefused() throws Exception {
    execute(
        "update flyway_schema_history set version = '999' where installed_rank ="
            + " (select max(installed_rank) from flyway_schema_history)");
    assertThatThrownBy(() -> SqlStore.open(settings))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("version 999")
        .hasMessageContaining("start the newer Keygate");
  }

  @Test
  void noMigrationIsLeftOutWhenFlywayIsNotAsked() throws Exception {
    Flyway flyway = Migrations.flyway(dialect(), database());
    assertThat(flyway.info().pending()).isEmpty();
    assertThat(flyway.info().current().getVersion())
        .hasToString(String.valueOf(Migrations.version(database())));
    flyway.validate();
  }

  @Test
  void aWriteInsideAWriteIsRefusedAtOnce() {
    assertThatThrownBy(() -> write(tables -> write(inner -> {})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a write inside a write");
    assertThat(store.answers()).isTrue();
  }

  @Test
  void auditEventsArePagedFromTheNewest() {
    write(tables ->
        IntStream.rangeClosed(1, 3)
            .forEach(i ->
                tables
                    .audit()
                    .append(
                        new AuditRow(
                            "ae_" + i, NOW, "ak_1", "update", "endpoint", "ep_1", "", ""))));
    assertThat(auditEvents("", 2)).containsExactly("ae_3", "ae_2");
    assertThat(auditEvents("ae_2", 2)).containsExactly("ae_1");
  }

  @Test
  void aClosedStoreSaysSo() {
    assertThat(store.answers()).isTrue();
    store.close();
    assertThat(store.answers()).isFalse();
    assertThatThrownBy(() -> write(tables -> {})).hasMessageContaining("closed");
  }

  final void write(Consumer<Store.Tables> work) {
    store.write(tables -> {
      work.accept(tables);
      return true;
    });
  }

  final void execute(String sql) throws Exception {
    try (Connection connection = database().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Everything that a log would show of a failure. */
  static AbstractStringAssert<?> assertShows(Throwable failure) {
    StringWriter log = new StringWriter();
    failure.printStackTrace(new PrintWriter(log, true));
    return assertThat(log.toString());
  }

  private List<String> pageOfKeys(String beforeId, int limit) {
    return store.read(tables -> tables.gatewayKeys().page(beforeId, limit)).stream()
        .map(GatewayKeyRow::id)
        .toList();
  }

  private List<ChangeRow> changes(long since) {
    return store.read(tables -> tables.changes().since(since, 1000));
  }

  private List<String> found(String endpointId, String text, String beforeId) {
    return store
        .read(tables -> tables.gatewayKeys().search(endpointId, text, beforeId, 10))
        .stream()
        .map(GatewayKeyRow::id)
        .toList();
  }

  private List<String> auditEvents(String beforeId, int limit) {
    return store.read(tables -> tables.audit().page(beforeId, limit)).stream()
        .map(AuditRow::id)
        .toList();
  }

  private long countOfEndpoint(String id) {
    return store.read(tables -> tables.gatewayKeys().countOfEndpoint(id));
  }

  private static void assertSame(Object stored, Object expected) {
    assertThat(stored).usingRecursiveComparison().isEqualTo(expected);
  }

  private static EndpointRow endpoint(String id) {
    return new EndpointRow(
        id,
        NOW,
        NOW,
        "ak_1",
        "ak_1",
        "https://" + id,
        "cloud",
        "public",
        "p: 1\n",
        "d",
        "m",
        false,
        true,
        false);
  }

  private static GatewayKeyRow described(String id, String endpointId, String description) {
    return new GatewayKeyRow(
        id,
        NOW,
        NOW,
        "ak_1",
        "ak_1",
        endpointId,
        "lookup-" + id,
        HASH,
        "ng-x***",
        description,
        "m",
        false,
        null,
        "{}",
        null);
  }

  private static GatewayKeyRow gatewayKey(
      String id, @Nullable Instant expiresAt, @Nullable Instant lastUsed) {
    return new GatewayKeyRow(
        id,
        NOW,
        NOW,
        "ak_1",
        "ak_1",
        "ep_1",
        "lookup-" + id,
        HASH,
        "ng-x***",
        "d",
        "m",
        true,
        expiresAt,
        "{\"max_concurrent\":2}",
        lastUsed);
  }

  private static ProviderKeyRow providerKey(String id, @Nullable String gatewayKeyId) {
    return new ProviderKeyRow(
        id,
        NOW,
        NOW,
        "ak_1",
        "ak_1",
        "openai",
        gatewayKeyId,
        new byte[] {1, 0, -1},
        "sk***",
        "d",
        "m",
        null);
  }
}
