package dev.keygate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.keygate.policy.Authorization;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Encrypted connections, and certificates that change while the gateway runs. */
class TlsTest {
  @TempDir static Path made = Path.of("");
  private static Pems one = new Pems(made, made);
  private static Pems two = one;

  @TempDir Path directory = Path.of("");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(GatewayServer.class);

  @BeforeAll
  static void makeCertificates() throws Exception {
    one = Pems.make(made, "one");
    two = Pems.make(made, "two");
  }

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(log);
  }

  private RunningGateway serving(Pems pems, int eventLoops) {
    GatewaySettings standard = RunningGateway.SETTINGS;
    return RunningGateway.with(
        new GatewaySettings(
            standard.host(),
            0,
            eventLoops,
            standard.maxBody(),
            standard.maxBuffered(),
            standard.maxHeaderBytes(),
            standard.maxHeaderLines(),
            standard.requestTimeout(),
            standard.idleTimeout(),
            GatewaySettings.Proxies.NONE,
            Optional.of(pems.settings())),
        ScriptedPolicy.echo(Authorization.NONE));
  }

  /** What one request on a new connection saw. */
  private record Seen(HttpVersion version, int status, String certificate) {}

  private static Seen request(RunningGateway gateway, HttpVersion version) {
    HttpClient client =
        gateway.vertx.createHttpClient(
            new HttpClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setUseAlpn(true)
                .setProtocolVersion(version));
    try {
      return RunningGateway.await(
          client
              .request(HttpMethod.GET, gateway.port, "localhost", "/v1/models")
              .compose(request ->
                  request
                      .send()
                      .map(answer -> {
                        Certificate[] chain = peer(request.connection().sslSession());
                        String name =
                            ((X509Certificate) chain[0]).getSubjectX500Principal().getName();
                        return new Seen(answer.version(), answer.statusCode(), name);
                      })));
    } finally {
      RunningGateway.await(client.close());
    }
  }

  private static Certificate[] peer(SSLSession session) {
    try {
      return session.getPeerCertificates();
    } catch (SSLPeerUnverifiedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void bothVersionsOfHttpAreServedAsTheClientChooses() {
    try (RunningGateway gateway = serving(one, 1)) {
      assertThat(request(gateway, HttpVersion.HTTP_2))
          .isEqualTo(new Seen(HttpVersion.HTTP_2, 200, "CN=one"));
      assertThat(request(gateway, HttpVersion.HTTP_1_1))
          .isEqualTo(new Seen(HttpVersion.HTTP_1_1, 200, "CN=one"));
    }
  }

  @Test
  void anotherCertificateIsServedOnEveryEventLoopAfterAReload() throws Exception {
    Pems pems = one.copyTo(directory);
    try (RunningGateway gateway = serving(pems, 2)) {
      pems.replaceBy(two);
      gateway.server.reloadCertificate();
      for (int i = 0; i < 4; i++) {
        assertThat(request(gateway, HttpVersion.HTTP_1_1).certificate()).isEqualTo("CN=two");
      }
      assertThat(errors()).isEmpty();
    }
  }

  @Test
  void aCertificateThatCannotBeUsedIsReportedOnceAndTheOldOneStays() throws Exception {
    Pems pems = one.copyTo(directory);
    try (RunningGateway gateway = serving(pems, 1)) {
      Files.writeString(pems.certificate(), "no certificate");
      reloadTwice(gateway);
      assertThat(errors()).hasSize(1);

      Files.write(pems.certificate(), Files.readAllBytes(two.certificate()));
      reloadTwice(gateway);
      assertThat(errors()).hasSize(2).last().asString().contains("the key is not");

      Files.delete(pems.certificate());
      reloadTwice(gateway);
      assertThat(errors()).hasSize(3).last().asString().contains("cannot read");
      assertThat(request(gateway, HttpVersion.HTTP_1_1).certificate()).isEqualTo("CN=one");

      pems.replaceBy(two);
      gateway.server.reloadCertificate();
      assertThat(request(gateway, HttpVersion.HTTP_1_1).certificate()).isEqualTo("CN=two");
    }
  }

  private static void reloadTwice(RunningGateway gateway) {
    gateway.server.reloadCertificate();
    gateway.server.reloadCertificate();
  }

  private List<String> errors() {
    return log.list.stream()
        .filter(line -> line.getLevel() == Level.ERROR)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Test
  void aGatewayDoesNotStartWithAKeyThatIsNotTheCertificates() {
    assertThatThrownBy(() -> serving(new Pems(one.certificate(), two.key()), 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the key is not the certificate's");
  }
}
