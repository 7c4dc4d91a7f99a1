package dev.keygate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keygate.address.Cidr;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerSettingsTest {

  @Test
  void withNothingConfiguredTheDefaultsHold() {
    ServerSettings settings = ServerSettings.of(new SettingValues());

    assertThat(settings.gateway().address()).isEqualTo(new InetSocketAddress("0.0.0.0", 8080));
    assertThat(settings.control().address()).isEqualTo(new InetSocketAddress("127.0.0.1", 8081));
    assertThat(settings.dataDir()).isEqualTo(Path.of(System.getProperty("user.home"), ".keygate"));
    assertThat(settings.databaseUrl()).isEmpty();
    assertThat(settings.sizes())
        .isEqualTo(new ServerSettings.Sizes(32 << 20, 256 << 20, 32 << 10, 100));
    assertThat(settings.timeouts().maxKeyAge()).isEqualTo(Duration.ofSeconds(60));
    assertThat(settings.logs()).isEqualTo(new ServerSettings.Logs("info", false));
    assertThat(settings.demo()).isFalse();
  }

  @Test
  void everySettingOfAFileIsTaken() {
    ServerSettings settings =
        ServerSettings.of(
            file(
                """
                listen: 127.0.0.1:1
                control-listen: 0.0.0.0:2
                insecure-control: true
                control-url: https://control.example.com
                data-dir: /var/lib/keygate
                database-url: postgresql://u:p@db/keygate
                tls-cert: cert.pem
                tls-key: key.pem
                event-loops: 3
                max-body: 1MiB
                max-buffered: 2GiB
                max-header-bytes: 16KiB
                max-header-lines: 50
                request-timeout: 5s
                idle-timeout: 1m
                drain-timeout: 250ms
                max-key-age: 1h
                provider-urls:
                  openai: http://127.0.0.1:9000/v1
                  anthropic: https://proxy.example.com/a
                upstream-ca: ca.pem
                trusted-proxies: [10.0.0.0/8, "2001:db8::/32"]
                proxy-protocol: required
                log-level: debug
                log-format: json
                demo: true
                """));

    assertThat(settings.gateway())
        .isEqualTo(
            new ServerSettings.Listener(
                new InetSocketAddress("127.0.0.1", 1),
                Optional.of(Path.of("cert.pem")),
                Optional.of(Path.of("key.pem"))));
    assertThat(settings.control().address().getPort()).isEqualTo(2);
    assertThat(settings.controlUrl()).contains(URI.create("https://control.example.com"));
    assertThat(settings.dataDir()).isEqualTo(Path.of("/var/lib/keygate"));
    assertThat(settings.eventLoops()).isEqualTo(3);
    assertThat(settings.sizes())
        .isEqualTo(new ServerSettings.Sizes(1 << 20, 2L << 30, 16 << 10, 50));
    assertThat(settings.timeouts())
        .isEqualTo(
            new ServerSettings.Timeouts(
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                Duration.ofMillis(250),
                Duration.ofHours(1)));
    assertThat(settings.upstreams().baseUrls())
        .isEqualTo(
            Map.of(
                "openai", URI.create("http://127.0.0.1:9000/v1"),
                "anthropic", URI.create("https://proxy.example.com/a")));
    assertThat(settings.logs()).isEqualTo(new ServerSettings.Logs("debug", true));
    assertThat(settings.proxies())
        .isEqualTo(
            new ServerSettings.Proxies(
                List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("2001:db8::/32")), "required"));
    assertThat(settings.demo()).isTrue();
    assertThat(settings.toString()).doesNotContain("u:p@db");
  }

  @Test
  void environmentOverridesFileAndFlagsOverrideBoth() {
    SettingValues values =
        file("listen: 127.0.0.1:1\nevent-loops: 1\nlog-level: debug")
            .withEnvironment(
                Map.of("KEYGATE_LISTEN", "127.0.0.1:2", "KEYGATE_EVENT_LOOPS", "2", "PATH", "/bin"))
            .withFlag(Setting.LISTEN, "127.0.0.1:3");
    ServerSettings settings = ServerSettings.of(values);

    assertThat(settings.gateway().address().getPort()).isEqualTo(3);
    assertThat(settings.eventLoops()).isEqualTo(2);
    assertThat(settings.logs().level()).isEqualTo("debug");
  }

  @Test
  void variablesOfTheCommandLineAreNoProblem() {
    SettingValues values =
        new SettingValues()
            .withEnvironment(
                Map.of(
                    "KEYGATE_API_KEY", "kgm_x",
                    "KEYGATE_API_URL", "https://keygate.example.com",
                    "KEYGATE_PROFILE", "production"));
    assertThat(values.problems()).isEmpty();
  }

  @Test
  void allProblemsAreReportedAtOnceWithTheirOrigin() {
    SettingValues values =
        file("lissten: 1\nmax-body: lots\ntls-cert: cert.pem\nevent-loops: [[1]]")
            .withEnvironment(Map.of("KEYGATE_DATADIR", "x"))
            .withFlag(Setting.LISTEN, "8080");

    assertThatThrownBy(() -> ServerSettings.of(values))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContainingAll(
            "keygate.yaml line 1: unknown setting 'lissten'; did you mean listen?",
            "keygate.yaml line 2: 'lots', expected a size such as 32MiB",
            "keygate.yaml line 3: needs tls-key beside it",
            "keygate.yaml line 4: expected `setting: value`",
            "KEYGATE_DATADIR: unknown variable; did you mean KEYGATE_DATA_DIR?",
            "--listen: '8080', expected HOST:PORT such as 0.0.0.0:8080");
  }

  @Test
  void theControlApiIsNotServedInClearTextBeyondLoopbackUnlessAskedFor() {
    SettingValues open = new SettingValues().withFlag(Setting.CONTROL_LISTEN, "0.0.0.0:8081");
    assertThatThrownBy(() -> ServerSettings.of(open)).hasMessageContaining("--insecure-control");

    SettingValues asked =
        new SettingValues()
            .withFlag(Setting.CONTROL_LISTEN, "0.0.0.0:8081")
            .withFlag(Setting.INSECURE_CONTROL, "true");
    assertThat(ServerSettings.of(asked).control().address().getPort()).isEqualTo(8081);
  }

  @Test
  void notEverybodyMayBeATrustedProxy() {
    SettingValues values =
        new SettingValues()
            .withFlag(Setting.TRUSTED_PROXIES, "10.0.0.1/8, 0.0.0.0/0, localhost,::1")
            .withFlag(Setting.PROXY_PROTOCOL, "maybe");
    assertThatThrownBy(() -> ServerSettings.of(values))
        .hasMessageContainingAll(
            "--trusted-proxies: '10.0.0.1/8': the address has bits beyond the prefix",
            "--trusted-proxies: '0.0.0.0/0' would let every client say who it is",
            "--trusted-proxies: 'localhost': expected a range",
            "--proxy-protocol: 'maybe', expected off or required");
    SettingValues alone = new SettingValues().withFlag(Setting.PROXY_PROTOCOL, "required");
    assertThatThrownBy(() -> ServerSettings.of(alone))
        .hasMessageContaining("--proxy-protocol: needs trusted-proxies beside it");
  }

  @Test
  void aFileThatWasAskedForMustBeThere(@TempDir Path dir) {
    SettingValues values =
        new SettingValues().withFile(ConfigFile.read(Optional.of(dir.resolve("none.yaml"))));
    assertThatThrownBy(() -> ServerSettings.of(values)).hasMessageContaining("no such file");
  }

  @Test
  void brokenYamlIsAProblemThatSaysWhere() {
    assertThat(ConfigFile.parse("keygate.yaml", "a: [1").problems())
        .singleElement()
        .asString()
        .contains("not valid YAML");
    assertThat(ConfigFile.parse("keygate.yaml", "- a").problems()).hasSize(1);
    assertThat(ConfigFile.parse("keygate.yaml", "").entries()).isEqualTo(List.of());
  }

  private static SettingValues file(String yaml) {
    return new SettingValues().withFile(ConfigFile.parse("keygate.yaml", yaml));
  }
}
