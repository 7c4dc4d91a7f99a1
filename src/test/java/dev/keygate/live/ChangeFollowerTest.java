package dev.keygate.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keygate.key.KeyCheck;
import dev.keygate.key.KeyToken;
import dev.keygate.policy.Authorization;
import dev.keygate.policy.action.IpPolicy;
import dev.keygate.secret.MasterKey;
import dev.keygate.secret.MasterKeyEnvelope;
import dev.keygate.secret.Secret;
import dev.keygate.store.EndpointRow;
import dev.keygate.store.GatewayKeyRow;
import dev.keygate.store.IpPolicyRow;
import dev.keygate.store.IpPolicyRuleRow;
import dev.keygate.store.ProviderKeyRow;
import dev.keygate.store.SecretRow;
import dev.keygate.store.SqlStore;
import dev.keygate.store.Store;
import dev.keygate.store.StoreException;
import dev.keygate.store.StoreSettings;
import dev.keygate.store.VaultRow;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeFollowerTest {
  private static final Instant NOW = Instant.parse("2026-05-01T00:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int UNLIMITED = Integer.MAX_VALUE;

  private final MasterKeyEnvelope envelope = new MasterKeyEnvelope(List.of(MasterKey.generate()));
  private final LiveState live = new LiveState(InstantSource.fixed(NOW), Duration.ofSeconds(60));
  private final KeyToken token = KeyToken.generate(RANDOM);
  private Path file;
  private Store store;
  private int looksLeft = UNLIMITED;
  private long refused = -1;
  private Runnable afterRead = () -> {};
  private boolean isWaitedFor = true;
  private final List<Long> told = new ArrayList<>();
  private ChangeFollower follower;

  @BeforeEach
  void open(@TempDir Path directory) {
    file = directory.resolve("keygate.db");
    store = SqlStore.open(new StoreSettings.Sqlite(file));
    follower = follower(live, envelope);
    write(tables -> tables.endpoints().insert(endpoint("ep_1", "ok")));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void whatIsStoredIsServedAfterLoading() {
    write(tables -> {
      tables.gatewayKeys().insert(gatewayKey("aigk_1", token, false));
      tables.providerKeys().insert(providerKey("aigpk_1", "aigk_1", "sk-1"));
      tables.providerKeys().insert(providerKey("aigpk_2", "aigk_1", "sk-2"));
      tables.providerKeys().insert(providerKey("aigpk_3", null, "sk-3"));
    });
    follower.load();

    assertThat(live.keys().check(token.reveal())).isInstanceOf(KeyCheck.Valid.class);
    assertThat(live.endpoint("ep_1")).isNotNull();
    assertThat(live.attachedProviderKeys("aigk_1"))
        .extracting(key -> key.value().reveal())
        .containsExactly("sk-2", "sk-1");
    assertThat(live.managedProviderKeys("openai"))
        .extracting(ProviderKey::id)
        .containsExactly("aigpk_3", "OPENAI_API_KEY");
  }

  @Test
  void changesAreServedAfterCatchingUp() {
    follower.load();
    write(tables -> tables.gatewayKeys().insert(gatewayKey("aigk_1", token, false)));
    assertThat(reason()).isEqualTo(KeyCheck.Reason.UNKNOWN);
    follower.catchUp();
    assertThat(reason()).isNull();

    write(tables -> tables.gatewayKeys().update(gatewayKey("aigk_1", token, true)));
    follower.catchUp();
    assertThat(reason()).isEqualTo(KeyCheck.Reason.DISABLED);

    write(tables -> tables.gatewayKeys().delete("aigk_1"));
    follower.catchUp();
    assertThat(reason()).isEqualTo(KeyCheck.Reason.UNKNOWN);
  }

  @Test
  void othersAreToldHowFarTheViewIsBeforeItCountsAsRenewed() {
    follower.load();
    write(tables -> tables.gatewayKeys().insert(gatewayKey("aigk_1", token, false)));
    follower.catchUp();
    assertThat(told).containsExactly(1L, 2L);
    assertThat(follower.catchUp()).isEqualTo(2);

    long age = live.freshness().age();
    refused = 3;
    write(tables -> tables.gatewayKeys().delete("aigk_1"));
    assertThatThrownBy(follower::catchUp).isInstanceOf(StoreException.class);
    assertThat(live.freshness().isStoreAway()).isTrue();
    assertThat(live.freshness().age()).isGreaterThan(age);
    assertThat(reason()).isEqualTo(KeyCheck.Reason.UNKNOWN);
  }

  @Test
  void whatWasReadWhileNobodyWaitedForThisNodeDoesNotCountAsRenewed() {
    follower.load();
    live.freshness().storeAway();
    long age = live.freshness().age();
    isWaitedFor = false;
    follower.poll();
    assertThat(told).containsExactly(1L, 1L);
    assertThat(live.freshness().age()).isGreaterThan(age);
    assertThat(live.freshness().isStoreAway()).isTrue();

    isWaitedFor = true;
    follower.poll();
    assertThat(live.freshness().isStoreAway()).isFalse();
  }

  @Test
  void deletedProviderKeysAreNoLongerUsed() {
    write(tables -> {
      tables.gatewayKeys().insert(gatewayKey("aigk_1", token, false));
      tables.providerKeys().insert(providerKey("aigpk_1", "aigk_1", "sk-1"));
      tables.providerKeys().insert(providerKey("aigpk_2", null, "sk-2"));
    });
    follower.load();
    write(tables -> {
      tables.providerKeys().delete("aigpk_1");
      tables.providerKeys().delete("aigpk_2");
    });
    follower.catchUp();

    assertThat(live.attachedProviderKeys("aigk_1")).isEmpty();
    assertThat(live.managedProviderKeys("openai"))
        .extracting(ProviderKey::id)
        .containsExactly("OPENAI_API_KEY");
  }

  @Test
  void loadingAgainTakesOutWhatIsNoLongerStored() {
    write(tables -> tables.gatewayKeys().insert(gatewayKey("aigk_1", token, false)));
    write(tables -> tables.providerKeys().insert(providerKey("aigpk_1", "aigk_1", "sk-1")));
    follower.load();
    write(tables -> tables.gatewayKeys().delete("aigk_1"));
    write(tables -> tables.endpoints().delete("ep_1"));
    follower.load();

    assertThat(reason()).isEqualTo(KeyCheck.Reason.UNKNOWN);
    assertThat(live.attachedProviderKeys("aigk_1")).isEmpty();
    assertThat(live.endpoint("ep_1")).isNull();
  }

  @Test
  void whereverAStoreGoesAwayWhatItsChangesTakeOutIsTakenOutOnceItIsBack() {
    failAtEveryLook(() -> {});
  }

  @Test
  void whereverAStoreGoesAwayWhatForgottenChangesTookOutIsTakenOutOnceItIsBack() {
    failAtEveryLook(
        () -> sql("delete from changes where sequence < (select max(sequence) from changes)"));
  }

  private void failAtEveryLook(Runnable afterDeleting) {
    follower.load();
    int looks = 0;
    boolean wasAway;
    do {
      write(tables -> {
        tables.gatewayKeys().insert(gatewayKey("aigk_1", token, false));
        tables.gatewayKeys().insert(gatewayKey("aigk_2", KeyToken.generate(RANDOM), false));
        tables.providerKeys().insert(providerKey("aigpk_1", "aigk_2", "sk-1"));
        tables.providerKeys().insert(providerKey("aigpk_2", null, "sk-2"));
        tables.ipPolicies().insert(new IpPolicyRow("ipp_1", NOW, NOW, "", ""));
        tables.ipPolicyRules().insert(rule("ipr_1", "10.0.0.0/8", "allow"));
      });
      follower.catchUp();
      assertThat(reason()).isNull();
      assertThat(live.attachedProviderKeys("aigk_2")).hasSize(1);
      assertThat(live.managedProviderKeys("openai")).hasSize(2);
      assertThat(ipPolicy().allow().contains(InetAddress.ofLiteral("10.1.2.3"))).isTrue();

      write(tables -> {
        tables.gatewayKeys().delete("aigk_1");
        tables.providerKeys().delete("aigpk_1");
        tables.providerKeys().delete("aigpk_2");
        tables.ipPolicyRules().delete("ipr_1");
      });
      afterDeleting.run();
      looksLeft = looks++;
      follower.poll();
      wasAway = live.freshness().isStoreAway();
      looksLeft = UNLIMITED;
      follower.poll();
      assertThat(reason()).as("after %s looks", looks).isEqualTo(KeyCheck.Reason.UNKNOWN);
      assertThat(live.attachedProviderKeys("aigk_2")).as("after %s looks", looks).isEmpty();
      assertThat(live.managedProviderKeys("openai")).as("after %s looks", looks).hasSize(1);
      assertThat(ipPolicy().allow().contains(InetAddress.ofLiteral("10.1.2.3")))
          .as("after %s looks", looks)
          .isFalse();
      write(tables -> {
        tables.gatewayKeys().delete("aigk_2");
        tables.ipPolicies().delete("ipp_1");
      });
    } while (wasAway);
    assertThat(looks).isGreaterThan(5);
  }

  @Test
  void keysThatNoMasterKeyOpensDoNotHideWhichKeysLostTheirs() {
    write(tables -> {
      tables.gatewayKeys().insert(gatewayKey("aigk_1", token, false));
      tables.providerKeys().insert(providerKey("aigpk_1", "aigk_1", "sk-1"));
    });
    follower.load();
    write(tables -> {
      tables.providerKeys().delete("aigpk_1");
      tables.providerKeys().insert(providerKey("aigpk_2", null, "sk-2"));
    });
    sql("update provider_keys set id = 'aigpk_3'"); // sealed for another id
    assertThatThrownBy(follower::load).hasMessageContaining("master key");
    sql("delete from provider_keys");
    follower.load();
    assertThat(live.attachedProviderKeys("aigk_1")).isEmpty();
  }

  @Test
  void aDatabaseThatWasSetBackIsReadAnew() {
    follower.load();
    write(tables -> tables.gatewayKeys().insert(gatewayKey("aigk_1", token, false)));
    follower.catchUp();
    assertThat(reason()).isNull();

    sql("delete from gateway_keys");
    sql("delete from changes where sequence > 1");
    assertThat(follower.catchUp()).isEqualTo(1);
    assertThat(reason()).isEqualTo(KeyCheck.Reason.UNKNOWN);
  }

  @Test
  void aStandbyThatLacksTheChangeReadLastIsReadAnewThoughItsNumbersGoOn() {
    follower.load();
    write(tables -> tables.gatewayKeys().insert(gatewayKey("aigk_1", token, false)));
    follower.catchUp();

    sql("delete from gateway_keys");
    sql("update changes set sequence = 34 where sequence = 2");
    assertThat(follower.catchUp()).isEqualTo(34);
    assertThat(reason()).isEqualTo(KeyCheck.Reason.UNKNOWN);
  }

  /** What no node does: as another database would be. */
  private void sql(String statement) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement running = connection.createStatement()) {
      running.executeUpdate(statement);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anEndpointWhoseStoredPolicyIsInvalidRefusesEverything() {
    write(tables -> tables.endpoints().update(endpoint("ep_1", "broken")));
    follower.load();
    LiveEndpoint endpoint = live.endpoint("ep_1");
    assertThat(endpoint).isNotNull();
    assertThat(endpoint.policy()).isInstanceOf(RefusingPolicy.class);
    assertThat(endpoint.policy().authorization()).isEqualTo(Authorization.API_KEY);
  }

  @Test
  void aStoreThatDoesNotAnswerIsNoted() {
    follower.load();
    store.close();
    assertThatThrownBy(follower::catchUp).isInstanceOf(StoreException.class);
    assertThat(live.freshness().isStoreAway()).isTrue();
    follower.poll(); // a timer's call does not throw
  }

  @Test
  void aViewIsRenewedWhenItIsOldOrTheStoreWasAway() {
    follower.load();
    write(tables -> tables.gatewayKeys().insert(gatewayKey("aigk_1", token, false)));
    follower.pollIfOlder(Duration.ofHours(1));
    assertThat(reason()).isEqualTo(KeyCheck.Reason.UNKNOWN);
    follower.pollIfOlder(Duration.ZERO);
    assertThat(reason()).isNull();

    write(tables -> tables.gatewayKeys().delete("aigk_1"));
    live.freshness().storeAway();
    follower.pollIfOlder(Duration.ofHours(1));
    assertThat(reason()).isEqualTo(KeyCheck.Reason.UNKNOWN);
    assertThat(live.freshness().isStoreAway()).isFalse();
  }

  /** A reader so far behind that the feed is cut to length before it has read its next batch. */
  @Test
  void changesForgottenBetweenTwoReadsAreNotPassedOver() {
    write(tables -> tables.gatewayKeys().insert(gatewayKey("aigk_1", token, false)));
    follower.load();
    write(tables -> {
      touch(tables, 1000);
      tables.gatewayKeys().delete("aigk_1");
      touch(tables, 1000);
    });
    afterRead =
        () -> {
          afterRead = () -> {};
          sql("delete from changes where sequence < (select max(sequence) from changes)");
        };
    follower.catchUp();
    assertThat(reason()).isEqualTo(KeyCheck.Reason.UNKNOWN);
  }

  private static void touch(Store.Tables tables, int times) {
    for (int i = 0; i < times; i++) {
      tables.endpoints().update(endpoint("ep_1", "ok"));
    }
  }

  @Test
  void aWrongMasterKeyIsToldAtTheStart() {
    write(tables -> tables.providerKeys().insert(providerKey("aigpk_1", null, "sk-1")));
    ChangeFollower other =
        follower(
            new LiveState(InstantSource.fixed(NOW), Duration.ofSeconds(60)),
            new MasterKeyEnvelope(List.of(MasterKey.generate())));
    assertThatThrownBy(other::load).hasMessageContaining("master key");
  }

  private KeyCheck.@Nullable Reason reason() {
    return live.keys().check(token.reveal()) instanceof KeyCheck.Invalid invalid
        ? invalid.reason()
        : null;
  }

  @Test
  void policiesReadASecretAsSoonAsItIsStored() {
    follower.load();
    write(tables -> {
      tables.vaults().insert(vault("gateway"));
      tables.secrets().insert(secret("first"));
    });
    follower.catchUp();
    assertThat(live.secrets().find("gateway", "token")).isEqualTo(Secret.of("first"));
    assertThat(live.secrets().find("gateway", "other")).isNull();

    write(tables -> tables.secrets().update(secret("second")));
    follower.catchUp();
    assertThat(live.secrets().find("gateway", "token")).isEqualTo(Secret.of("second"));

    write(tables -> tables.vaults().update(vault("renamed")));
    follower.catchUp();
    assertThat(live.secrets().find("gateway", "token")).isNull();
    assertThat(live.secrets().find("renamed", "token")).isEqualTo(Secret.of("second"));

    write(tables -> tables.secrets().delete("secret_1"));
    follower.load();
    assertThat(live.secrets().find("renamed", "token")).isNull();
  }

  @Test
  void anIpPolicyIsWhatItsRulesSayNow() {
    InetAddress client = InetAddress.ofLiteral("10.1.2.3");
    follower.load();
    write(tables -> {
      tables.ipPolicies().insert(new IpPolicyRow("ipp_1", NOW, NOW, "", ""));
      tables.ipPolicyRules().insert(rule("ipr_1", "10.0.0.0/8", "allow"));
    });
    follower.catchUp();
    assertThat(ipPolicy().allow().contains(client)).isTrue();
    assertThat(ipPolicy().deny().contains(client)).isFalse();

    write(tables -> tables.ipPolicyRules().insert(rule("ipr_2", "10.1.0.0/16", "deny")));
    follower.catchUp();
    assertThat(ipPolicy().deny().contains(client)).isTrue();

    write(tables -> tables.ipPolicyRules().delete("ipr_2"));
    follower.catchUp();
    assertThat(ipPolicy().deny().contains(client)).isFalse();

    write(tables -> {
      tables.ipPolicyRules().delete("ipr_1");
      tables.ipPolicies().delete("ipp_1");
    });
    follower.catchUp();
    assertThat(live.ipPolicies().find("ipp_1")).isNull();
  }

  private IpPolicy ipPolicy() {
    return Objects.requireNonNull(live.ipPolicies().find("ipp_1"));
  }

  private static IpPolicyRuleRow rule(String id, String cidr, String action) {
    return new IpPolicyRuleRow(id, NOW, NOW, "ipp_1", cidr, action, "", "");
  }

  private static VaultRow vault(String name) {
    return new VaultRow("vault_1", NOW, NOW, "ak_1", "ak_1", name, "", "");
  }

  private SecretRow secret(String value) {
    byte[] sealed = envelope.seal(Secret.of(value), "secret_1");
    return new SecretRow("secret_1", NOW, NOW, "ak_1", "ak_1", "vault_1", "token", sealed, "", "");
  }

  private ChangeFollower follower(LiveState into, MasterKeyEnvelope opening) {
    PolicySource policies =
        document -> {
          if (document.equals("broken")) {
            throw new IllegalArgumentException("it is broken");
          }
          return new RefusingPolicy();
        };
    ProviderKey fromEnvironment =
        new ProviderKey("OPENAI_API_KEY", "openai", Secret.of("sk-environment"));
    return new ChangeFollower(
        new LeavingStore(),
        into,
        policies,
        new ProviderKeyLoader(opening, List.of(fromEnvironment)),
        new VaultLoader(opening),
        this::tell);
  }

  /** The store, which goes away after so many looks at a table. */
  private final class LeavingStore implements Store {
    @Override
    public <T> T read(Work<T> work) {
      T result = store.read(tables -> work.with(leaving(tables)));
      afterRead.run();
      return result;
    }

    @Override
    public <T> T write(Work<T> work) {
      return store.write(work);
    }

    @Override
    public void close() {
      store.close();
    }

    private Tables leaving(Tables tables) {
      Class<?>[] shown = {Tables.class};
      return (Tables)
          Proxy.newProxyInstance(
              Tables.class.getClassLoader(),
              shown,
              (proxy, method, arguments) -> {
                if (looksLeft-- <= 0) {
                  throw new StoreException("the store went away");
                }
                return method.invoke(tables, arguments);
              });
    }
  }

  private boolean tell(long sequence) {
    if (sequence == refused) {
      throw new StoreException("the others cannot be told");
    }
    told.add(sequence);
    return isWaitedFor;
  }

  private void write(Consumer<Store.Tables> work) {
    store.write(tables -> {
      work.accept(tables);
      return true;
    });
  }

  private static EndpointRow endpoint(String id, String policy) {
    return new EndpointRow(
        id,
        NOW,
        NOW,
        "ak_1",
        "ak_1",
        "https://" + id.replace('_', '-') + ".test",
        "cloud",
        "public",
        policy,
        "",
        "",
        false,
        false,
        false);
  }

  private static GatewayKeyRow gatewayKey(String id, KeyToken token, boolean disabled) {
    return new GatewayKeyRow(
        id,
        NOW,
        NOW,
        "ak_1",
        "ak_1",
        "ep_1",
        token.lookupId(),
        token.hash().toBytes(),
        token.displayName(),
        "",
        "",
        disabled,
        null,
        "{}",
        null);
  }

  private ProviderKeyRow providerKey(String id, @Nullable String gatewayKeyId, String value) {
    return new ProviderKeyRow(
        id,
        NOW,
        NOW,
        "ak_1",
        "ak_1",
        "openai",
        gatewayKeyId,
        envelope.seal(Secret.of(value), id),
        "sk***",
        "",
        "",
        null);
  }
}
