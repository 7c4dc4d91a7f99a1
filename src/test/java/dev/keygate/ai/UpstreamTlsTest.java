package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted providers: certificates are checked, private authorities can be added. */
class UpstreamTlsTest {
  private static final String PASSWORD = "changeit";

  @TempDir static Path directory = Path.of("");
  private static final Vertx VERTX = Vertx.vertx();
  private static List<X509Certificate> roots = List.of();
  private static int port;

  @BeforeAll
  static void serve() throws Exception {
    Path store = directory.resolve("server.p12");
    makeCertificate(store);
    roots = List.of(certificate(store));
    HttpServer server =
        VERTX.createHttpServer(
            new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(
                    new PfxOptions().setPath(store.toString()).setPassword(PASSWORD)));
    server.requestHandler(request ->
        request
            .response()
            .putHeader("x-seen", request.version() + " " + request.authority())
            .end("{}"));
    port = GatewayFixture.await(server.listen(0, "127.0.0.1")).actualPort();
  }

  @AfterAll
  static void close() {
    GatewayFixture.await(VERTX.close());
  }

  @Test
  void aProviderWithACertificateOfAPrivateAuthorityIsCalledOverHttp2() {
    try (GatewayFixture fixture = new GatewayFixture(roots)) {
      GatewayFixture.Result result = chat(fixture, "https://localhost:" + port);
      assertThat(result.body()).isEqualTo("{}");
      assertThat(result.header("x-seen")).isEqualTo("HTTP_2 localhost:" + port);
    }
  }

  @Test
  void aCertificateOfAnUnknownAuthorityIsRefused() {
    try (GatewayFixture fixture = new GatewayFixture()) {
      GatewayFixture.Result result = chat(fixture, "https://localhost:" + port);
      assertThat(result.refusal().code()).isEqualTo(ErrorCode.NOTHING_REACHABLE);
      assertThat(result.refusal().message()).doesNotContain("certificate");
    }
  }

  @Test
  void aCertificateForAnotherNameIsRefused() {
    try (GatewayFixture fixture = new GatewayFixture(roots)) {
      GatewayFixture.Result result = chat(fixture, "https://127.0.0.1:" + port);
      assertThat(result.refusal().code()).isEqualTo(ErrorCode.NOTHING_REACHABLE);
    }
  }

  private static GatewayFixture.Result chat(GatewayFixture fixture, String url) {
    return fixture.chat(fixture.provider("openai", BaseUrl.parse(url), "sk-1").gateway());
  }

  private static void makeCertificate(Path store) throws IOException, InterruptedException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(keytool.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).isZero();
  }

  private static X509Certificate certificate(Path store)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return (X509Certificate) keys.getCertificate("server");
  }
}
