package dev.keygate.control;

import static dev.keygate.control.RunningControl.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.store.StoreSettings;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control API over TLS and HTTP/2. */
class EncryptedControlTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private Path directory;

  @Test
  void manyCallsShareOneEncryptedConnection() throws Exception {
    KeyStore keys = certificate();
    ControlSettings.Tls tls = pems(keys);
    try (RunningControl control =
            new RunningControl(
                new StoreSettings.Sqlite(directory.resolve("keygate.db")),
                ControlLimits.DEFAULT,
                Optional.of(tls));
        HttpClient client =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(trusting(keys))
                .build()) {
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> made =
            send(client, control, control.admin, "{\"url\":\"https://e" + i + ".example.com\"}");
        assertThat(made.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.body()).contains("\"uri\":\"https://localhost:" + control.port + "/");
        // A stranger's body stays unread; what comes after it on the connection is none the worse.
        HttpResponse<String> refused = send(client, control, "kgm_wrong", "x".repeat(100_000));
        assertThat(refused.statusCode()).isEqualTo(401);
      }
      assertThat(signIn(client, control).headers().firstValue("set-cookie").orElse(""))
          .endsWith("; HttpOnly; SameSite=Strict; Secure");
      HttpResponse<String> list = send(client, control, control.admin, "");
      assertThat(list.body()).contains("e0.example.com", "e2.example.com");
    }
  }

  private static HttpResponse<String> send(
      HttpClient client, RunningControl control, String token, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + control.port + "/endpoints"))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", "Bearer " + token);
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
    }
    return await(() -> client.send(request.build(), BodyHandlers.ofString()));
  }

  /** As the dashboard's page does it. */
  private static HttpResponse<String> signIn(HttpClient client, RunningControl control) {
    String origin = "https://localhost:" + control.port;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(origin + "/ui/session"))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", "Bearer " + control.admin)
            .header("Origin", origin)
            .header(SameOrigin.HEADER, "1")
            .POST(BodyPublishers.noBody())
            .build();
    return await(() -> client.send(request, BodyHandlers.ofString()));
  }

  private KeyStore certificate() throws Exception {
    Path file = directory.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    return keys;
  }

  private ControlSettings.Tls pems(KeyStore keys) throws Exception {
    return new ControlSettings.Tls(
        pem("CERTIFICATE", keys.getCertificate("server").getEncoded()),
        pem("PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded()));
  }

  private Path pem(String kind, byte[] bytes) throws Exception {
    String text =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(kind, Base64.getMimeEncoder().encodeToString(bytes), kind);
    return Files.writeString(
        directory.resolve(kind.replace(' ', '-') + ".pem"), text, StandardCharsets.US_ASCII);
  }

  private static SSLContext trusting(KeyStore keys) throws Exception {
    KeyStore roots = KeyStore.getInstance("PKCS12");
    roots.load(null, null);
    roots.setCertificateEntry("server", keys.getCertificate("server"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(roots);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
